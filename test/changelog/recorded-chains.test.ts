import { describe, expect, it } from "vitest";
import { buildLog } from "../../src/changelog/log.ts";
import { recordedChains } from "../../src/changelog/recorded-chains.ts";
import { ROOT } from "../../src/changelog/revision.ts";
import { hextime } from "../../src/model/layout.ts";

/** Returns the id of a revision: its number is its time, and the first byte of its digest. */
const id = (number: number) => `${hextime(number)}-${digestOf(number)}`;
const digestOf = (number: number) => number.toString(16).padStart(2, "0").padEnd(40, "0");
const recordOf = (numbers: readonly number[]) =>
  Uint8Array.from(numbers.flatMap((number) => [number, 0, 0, 0, 0, 0, 0, 0]));

/** Returns chains as numbers. */
function chainsOf(parents: Record<number, number[]>, records: Record<number, number[]>): number[][] {
  const numberOf = new Map(Object.keys(parents).map((number) => [id(Number(number)), Number(number)]));
  const files = Object.entries(parents).flatMap(([child, own]) =>
    own.map((parent) => ({
      parent: parent === 0 ? ROOT : id(parent),
      child: id(Number(child)),
      name: `${parent}.${child}`,
    })),
  );
  const log = buildLog(files);
  const chains = recordedChains(log, log.ids, (revision) => {
    const recorded = records[numberOf.get(revision)!];
    return recorded && recordOf(recorded);
  });
  return chains.map((chain) => chain.map((revision) => numberOf.get(revision)!));
}

describe("chains", () => {
  it("have revisions that record all before them", () => {
    const parents = { 1: [0], 2: [1], 3: [2], 4: [3] };
    expect(chainsOf(parents, { 2: [1], 3: [2, 1], 4: [3, 2, 1] })).toEqual([[1, 2, 3, 4]]);
    expect(chainsOf(parents, { 2: [1], 3: [2, 1], 4: [3, 2] })).toEqual([[1, 2, 3], [4]]);
    expect(chainsOf(parents, { 2: [1], 4: [3, 2, 1] })).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("have one revision each where nothing is recorded, as by Python", () => {
    expect(chainsOf({ 1: [0], 2: [1], 3: [2] }, {})).toEqual([[1], [2], [3]]);
  });

  it("end at branches and merges", () => {
    const parents = { 1: [0], 2: [1], 3: [1], 4: [2, 3], 5: [4] };
    const records = { 2: [1], 3: [1], 4: [3, 2, 1], 5: [4, 3, 2, 1] };
    expect(chainsOf(parents, records)).toEqual([[1, 2], [3], [4, 5]]);
  });

  it("end where a revision is older than its parent: readers look for gaps by time", () => {
    expect(chainsOf({ 1: [0], 3: [1], 2: [3] }, { 3: [1], 2: [3, 1] })).toEqual([[1, 3], [2]]);
  });
});
