import type { Log } from "./log.ts";

/** Which of some revisions were built on which: a bit for each pair, made when it is first asked for. */
export class AncestryIndex {
  readonly #log: Log;
  readonly #position: ReadonlyMap<string, number>;
  readonly #words: number;
  #bits: Uint32Array | undefined;

  /** @param ids in the order of the log: parents first */
  constructor(log: Log, ids: readonly string[]) {
    this.#log = log;
    this.#position = new Map(ids.map((id, i) => [id, i]));
    this.#words = Math.ceil(ids.length / 32);
  }

  /** Whether `id` was built on `other`, or is it. */
  isAncestorOrSelf(id: string, other: string): boolean {
    if (id === other) return true;
    this.#bits ??= this.#make();
    const [row, at] = [this.#position.get(id), this.#position.get(other)];
    if (row === undefined || at === undefined) return false;
    return ((this.#bits[row * this.#words + (at >>> 5)]! >>> (at & 31)) & 1) === 1;
  }

  #make(): Uint32Array {
    const words = this.#words;
    const bits = new Uint32Array(words * this.#position.size);
    for (const [id, row] of this.#position) {
      const own = bits.subarray(row * words, (row + 1) * words);
      own[row >>> 5]! |= 1 << (row & 31);
      for (const parent of this.#log.parents.get(id)!) {
        const at = this.#position.get(parent);
        if (at === undefined) continue; // known to all
        const theirs = bits.subarray(at * words, (at + 1) * words);
        for (let i = 0; i < words; i++) own[i]! |= theirs[i]!;
      }
    }
    return bits;
  }
}
