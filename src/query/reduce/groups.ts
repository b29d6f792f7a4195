import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import type { Vector } from "../columns/vector.ts";
import type { Grouped } from "./aggregator.ts";
import { Dictionary, tooMany } from "./dictionary.ts";

/** More than a `Map` holds: two codes side by side still fit into a float64. */
const SHIFT = 2 ** 26;
/** What a `Map` holds at most. */
const MOST = 2 ** 24 - 1;

/** Numbers the different pairs of codes. */
class Pairs {
  readonly #ids = new Map<number, number>();
  readonly left: number[] = [];
  readonly right: number[] = [];

  /** The number of each pair, written over its left side. */
  of(left: Uint32Array, right: Uint32Array): void {
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
    if (id === MOST) throw tooMany();
    this.#ids.set(pair, id);
    this.left.push(left);
    this.right.push(right);
    return id;
  }
}

/** Groups of rows with equal keys, in the order of the keys. Without keys all rows, if there are any, are one. */
export class Groups {
  readonly #keys: readonly Dictionary[];
  /** One for each key after the first: the group by the keys before it, and its own code. */
  readonly #pairs: readonly Pairs[];
  #any = false;

  constructor(dtypes: readonly DType[]) {
    this.#keys = dtypes.map((dtype) => new Dictionary(dtype));
    this.#pairs = dtypes.slice(1).map(() => new Pairs());
  }

  get count(): number {
    const last = this.#pairs.at(-1);
    if (last) return last.left.length;
    return this.#keys[0]?.count ?? Number(this.#any);
  }

  /** The group of each row. @param keys the vector of each key */
  add(keys: readonly Vector[], rows: number): Grouped {
    this.#any ||= rows > 0;
    const [first = new Uint32Array(rows), ...others] = keys.map((key, i) => this.#keys[i]!.of(key, rows));
    for (const [i, codes] of others.entries()) this.#pairs[i]!.of(first, codes);
    return { of: first, count: this.count };
  }

  /** Groups in order, and for each key its values in that order. */
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

  /** By key and group, the code of the key's value. */
  #codes(): number[][] {
    const found: number[][] = [];
    let groups = Array.from({ length: this.count }, (_, group) => group);
    for (const pairs of [...this.#pairs].reverse()) {
      found.unshift(groups.map((group) => pairs.right[group]!));
      groups = groups.map((group) => pairs.left[group]!);
    }
    return this.#keys.length > 0 ? [groups, ...found] : [];
  }
}
