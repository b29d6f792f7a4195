const encoder = new TextEncoder();
/** What a page has about, in the measure of the sizes of its entries. */
const TARGET = { leaf: 12_288, branch: 8_192 };

/**
 * Decides where pages end. Whether one ends after an entry depends on its label and on what the page has so far, so equal
 * tables have equal pages, whatever their history, and a change moves few ends: the next end that both have is soon found.
 * Most pages have about the target size, since an end becomes more likely the longer the page is: with the fourth power
 * of its size.
 */
export class Cutter {
  readonly #height: number;
  readonly #target: number;
  #size = 0;

  /** @param height of the pages */
  constructor(height: number) {
    this.#height = height;
    this.#target = height === 0 ? TARGET.leaf : TARGET.branch;
  }

  /** Adds an entry to the page, and returns whether the page ends after it. Only arithmetic that is exact everywhere. */
  endsAfter(label: string, size: number): boolean {
    const before = this.#size / this.#target;
    this.#size += size;
    const after = this.#size / this.#target;
    const share = after * after * after * after - before * before * before * before;
    // With one child for each branch, a tree would have no top.
    const isTooShort = this.#height > 0 && before === 0;
    const ends = !isTooShort && hash(label, this.#height) < share * 2 ** 32;
    if (ends) this.#size = 0;
    return ends;
  }
}

/**
 * Returns a number of 32 bits: FNV-1a of a byte, the height, and the UTF-8 of the label, mixed as MurmurHash3 does at its end.
 * The height makes the ends of each level independent of those below.
 */
function hash(label: string, height: number): number {
  let h = Math.imul(0x811c9dc5 ^ height, 0x01000193);
  for (const byte of encoder.encode(label)) h = Math.imul(h ^ byte, 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
