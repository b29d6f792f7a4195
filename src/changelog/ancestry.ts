import type { Log } from "./log.ts";

/**
 * Knows which revisions descend from which: one bit for each pair. The bits are computed on first use.
 */
export class AncestryIndex {
  readonly #log: Log;
  readonly #position: ReadonlyMap<string, number>;
  /** Length of one revision's row of bits, in 32-bit words. */
  readonly #words: number;
  #bits: Uint32Array | undefined;

  /** @param ids the revisions of interest, in the order of the log: parents first */
  constructor(log: Log, ids: readonly string[]) {
    this.#log = log;
    this.#position = new Map(ids.map((id, i) => [id, i]));
    this.#words = Math.ceil(ids.length / 32);
  }

  /** Whether `id` is `ancestor` or a descendant of it. False where either is not in the index. */
  descendsFrom(id: string, ancestor: string): boolean {
    if (id === ancestor) return true;
    this.#bits ??= this.#compute();
    const [row, at] = [this.#position.get(id), this.#position.get(ancestor)];
    if (row === undefined || at === undefined) return false;
    return ((this.#bits[row * this.#words + (at >>> 5)]! >>> (at & 31)) & 1) === 1;
  }

  #compute(): Uint32Array {
    const words = this.#words;
    const bits = new Uint32Array(words * this.#position.size);
    for (const [id, row] of this.#position) {
      const own = bits.subarray(row * words, (row + 1) * words);
      own[row >>> 5]! |= 1 << (row & 31);
      for (const parent of this.#log.parents.get(id)!) {
        const at = this.#position.get(parent);
        if (at === undefined) continue; // not in the index
        const inherited = bits.subarray(at * words, (at + 1) * words);
        for (let i = 0; i < words; i++) own[i]! |= inherited[i]!;
      }
    }
    return bits;
  }
}
