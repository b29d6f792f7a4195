import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { filesIn } from "./files.ts";

const GOLDEN = new URL("../golden/", import.meta.url).pathname;
/** One has dtypes and codecs that the checker does not know, the other more rows than its plain ways are made for. */
const LEFT_OUT = ["d_dtypes", "h_large"];
const repos = readdirSync(GOLDEN).filter(
  (name) => statSync(join(GOLDEN, name)).isDirectory() && !LEFT_OUT.includes(name),
);

describe("the strict checker", () => {
  it.each(repos)("finds nothing wrong in %s, which Python wrote", async (name) => {
    expect(await check(filesIn(join(GOLDEN, name)))).toEqual([]);
  });

  const quickstart = () => filesIn(join(GOLDEN, "b_overlap"));
  const revisions = (files: Map<string, Uint8Array>) =>
    [...files.keys()].filter((path) => /\/0{11}-0{40}\./.test(path));

  it("finds a flipped bit, a revision by another name, a time that goes back, a missing chunk", async () => {
    const flipped = quickstart();
    const path = revisions(flipped).at(-1)!;
    const bytes = flipped.get(path)!.slice();
    bytes[bytes.length >> 1]! ^= 1;
    flipped.set(path, bytes);
    expect((await check(flipped)).join()).toMatch(/not what its name says/);

    const odd = quickstart();
    odd.set(`${path.slice(0, -1)}x`, odd.get(path)!);
    expect((await check(odd)).join()).toMatch(/no revision's name/);

    const back = quickstart();
    const later = [...back.keys()].find((name) => /\/[1-9a-f][0-9a-f]{10}-/.test(name))!;
    back.set(later.replace(/\.[0-9a-f]{11}-/, ".00000000001-"), back.get(later)!);
    expect((await check(back)).join()).toMatch(/not later/);

    const large = filesIn(join(GOLDEN, "h_large"));
    for (const name of large.keys()) if (/^..\/..\/[0-9a-f]{36}$/.test(name)) large.delete(name);
    expect((await check(large)).join()).toMatch(/missing/);
  });
});

it("reads folders", () => {
  const files = filesIn(join(GOLDEN, "a_quickstart"));
  expect(files.size).toBe(2);
  for (const [path, bytes] of files)
    expect(bytes).toEqual(new Uint8Array(readFileSync(join(GOLDEN, "a_quickstart", path))));
});
