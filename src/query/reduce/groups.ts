import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import type { Vector } from "../columns/vector.ts";
import type { Grouped } from "./aggregator.ts";
import { Dictionary, MAX_CODES, tooManyGroups } from "./dictionary.ts";

/** Above {@link MAX_CODES}, and small enough for a pair of codes to fit into a float64. */
const SHIFT = 2 ** 26;

/** Numbers distinct pairs of codes. */
class PairDictionary {
  readonly #ids = new Map<number, number>();
  readonly left: number[] = [];
  readonly right: number[] = [];

  /** Replaces the left side of each pair by the number of the pair. */
  encode(left: Uint32Array, right: Uint32Array): void {
    let last = -1;
    let id = 0;
    for (let row = 0; row < left.length; row++) {
      const pair = left[row]! * SHIFT + right[row]!;
      if (pair !== last) {
        last = pair;
        id = this.#ids.get(pair) ?? this.#add(pair, left[row]!, right[row]!);
      }
      left[row] = id;
    }
  }

  #add(pair: number, left: number, right: number): number {
    const id = this.left.length;
    if (id === MAX_CODES) throw tooManyGroups();
    this.#ids.set(pair, id);
    this.left.push(left);
    this.right.push(right);
    return id;
  }
}

/** Groups of rows with equal keys, sorted by the keys. Without keys, all rows form one group. */
export class Groups {
  readonly #keys: readonly Dictionary[];
  /** One per key after the first: pairs of the group by the keys before it and its own code. */
  readonly #pairs: readonly PairDictionary[];
  #hasRows = false;

  constructor(dtypes: readonly DType[]) {
    this.#keys = dtypes.map((dtype) => new Dictionary(dtype));
    this.#pairs = dtypes.slice(1).map(() => new PairDictionary());
  }

  get count(): number {
    const last = this.#pairs.at(-1);
    if (last) return last.left.length;
    return this.#keys[0]?.count ?? Number(this.#hasRows);
  }

  /** Returns the group of each row. @param keys the vector of each key */
  add(keys: readonly Vector[], rows: number): Grouped {
    this.#hasRows ||= rows > 0;
    const [first = new Uint32Array(rows), ...others] = keys.map((key, i) => this.#keys[i]!.encode(key, rows));
    for (const [i, codes] of others.entries()) this.#pairs[i]!.encode(first, codes);
    return { of: first, count: this.count };
  }

  /** Returns the sorted groups, and the values of each key in that order. */
  finish(): { order: Uint32Array; columns: ColumnData[] } {
    const codes = this.#codes();
    const ranks = this.#keys.map((key) => key.ranks());
    const order = Array.from({ length: this.count }, (_, group) => group).sort((a, b) => {
      for (const [key, rank] of ranks.entries()) {
        const difference = rank[codes[key]![a]!]! - rank[codes[key]![b]!]!;
        if (difference !== 0) return difference;
      }
      return 0;
    });
    const columns = this.#keys.map((key, i) => key.column(order.map((group) => codes[i]![group]!)));
    return { order: Uint32Array.from(order), columns };
  }

  /** Returns the code of each key's value by group: one list per key. */
  #codes(): number[][] {
    const codes: number[][] = [];
    let groups = Array.from({ length: this.count }, (_, group) => group);
    for (const pairs of [...this.#pairs].reverse()) {
      codes.unshift(groups.map((group) => pairs.right[group]!));
      groups = groups.map((group) => pairs.left[group]!);
    }
    return this.#keys.length > 0 ? [groups, ...codes] : [];
  }
}
