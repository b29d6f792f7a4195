import { describe, expect, it } from "vitest";
import { buildLog } from "../../src/changelog/log.ts";
import { ancestors } from "../../src/changelog/log-lookup.ts";
import { epochOf, parseName, ROOT, timeOf, toEpoch } from "../../src/changelog/revision.ts";
import { hextime } from "../../src/model/layout.ts";

const id = (ms: number) => `${hextime(ms)}-${ms.toString(16).padStart(40, "0")}`;
const file = (parent: number | undefined, child: number) =>
  parseName(`${parent === undefined ? ROOT : id(parent)}.${id(child)}`)!;

describe("the log", () => {
  it("puts parents before children, whatever their clocks said", () => {
    const log = buildLog([file(50, 20), file(undefined, 50), file(20, 30)]);
    expect(log.ids).toEqual([id(50), id(20), id(30)]);
    expect(log.heads).toEqual([id(30)]);
  });

  it("has a head for each branch, and one after a merge of two files", () => {
    const branches = [file(undefined, 10), file(10, 20), file(10, 30)];
    expect(buildLog(branches).heads).toEqual([id(20), id(30)]);
    const merged = buildLog([...branches, file(20, 40), file(30, 40)]);
    expect(merged.heads).toEqual([id(40)]);
    expect(merged.parents.get(id(40))).toEqual([id(20), id(30)]);
  });

  it("takes a child of both merge files for the only head, though Python does not (B4)", () => {
    const names = [file(undefined, 10), file(10, 20), file(10, 30), file(20, 40), file(30, 40), file(40, 50)];
    expect(buildLog(names).heads).toEqual([id(50)]);
  });

  it("starts again where parents are missing", () => {
    expect(buildLog([file(5, 10), file(7, 20)]).heads).toEqual([id(10), id(20)]);
  });

  it("leaves out what was made at or after a moment", () => {
    const names = [file(undefined, 10), file(10, 20), file(20, 30)];
    expect(buildLog(names, hextime(20)).heads).toEqual([id(10)]);
    expect(buildLog(names, hextime(21)).heads).toEqual([id(20)]);
    expect(buildLog(names, hextime(10)).ids).toEqual([]);
  });

  it("ignores that a revision is its own parent if it has another, as Python does", () => {
    const log = buildLog([file(10, 10), file(5, 10)]);
    expect(log.parents.get(id(10))).toEqual([id(5)]);
    expect(log.heads).toEqual([id(10)]);
  });

  it("handles ten thousand revisions", () => {
    const names = Array.from({ length: 10_000 }, (_, i) => file(i === 0 ? undefined : i, i + 1));
    const log = buildLog(names.reverse());
    expect(log.heads).toEqual([id(10_000)]);
    expect(ancestors(log, id(10_000)).size).toBe(10_000);
  });
});

describe("revision names", () => {
  it("are read, and other files are not", () => {
    const name = `${ROOT}.${id(1000)}`;
    expect(parseName(name)).toEqual({ parent: ROOT, child: id(1000), name });
    for (const other of ["", "x", `${name}.tmp`, name.toUpperCase(), name.slice(1)])
      expect(parseName(other)).toBeUndefined();
  });

  it("contain their time", () => {
    expect(timeOf(id(1_700_000_000_000))).toEqual(new Date(1_700_000_000_000));
    expect(epochOf(id(255))).toBe("000000000ff");
  });

  it("give the epoch that `before` means", () => {
    const epoch = hextime(1_700_000_000_000);
    const time = new Date(1_700_000_000_000);
    for (const before of [
      time,
      time.getTime(),
      time.toISOString(),
      epoch,
      id(1_700_000_000_000),
      { epoch },
    ]) {
      expect(toEpoch(before)).toBe(epoch);
    }
    expect(() => toEpoch("yesterday")).toThrowError(/yesterday/);
    expect(() => toEpoch(Number.NaN)).toThrowError(/not a time/);
  });
});
