import { describe, expect, test } from "vitest";
import { FreshIndex } from "../../src/cli/serve/fresh-index.ts";

/** A repo whose content is a number, and whose listings end when they are told to. */
function slowRepo() {
  const repo = { content: 0, listings: 0, release: () => {} };
  const index = new FreshIndex(async () => {
    repo.listings++;
    const listed = repo.content; // what is written later is not in the listing
    await new Promise<void>((resolve) => {
      repo.release = resolve;
    });
    return new TextEncoder().encode(`${listed}`);
  });
  const write = () => {
    repo.content++;
    index.expire();
  };
  return { repo, index, write };
}

const textOf = async (version: ReturnType<FreshIndex["get"]>) =>
  new TextDecoder().decode((await version).bytes);

/** Lets a listing begin. */
const turn = () => new Promise(setImmediate);

describe("the index of `lakota serve`", () => {
  test("has what was written through the server before it was asked for", async () => {
    const { repo, index, write } = slowRepo();
    for (const expected of ["0", "1", "2"]) {
      const version = index.get();
      await turn();
      repo.release();
      expect(await textOf(version)).toBe(expected);
      write();
    }
  });

  test("does not return a listing that was begun before a write", async () => {
    const { repo, index, write } = slowRepo();
    const before = index.get();
    await turn();
    write();
    const after = index.get();
    repo.release();
    await turn();
    repo.release();
    expect(await Promise.all([textOf(before), textOf(after)])).toEqual(["0", "1"]);
  });

  test("is listed once at a time, however many ask for it after writes of their own", async () => {
    const { repo, index, write } = slowRepo();
    const first = index.get();
    await turn();
    const others = Array.from({ length: 100 }, () => {
      write();
      return index.get();
    });
    expect(repo.listings).toBe(1);
    repo.release();
    await first;
    await turn();
    repo.release();
    expect(new Set(await Promise.all(others.map(textOf)))).toEqual(new Set(["100"]));
    expect(repo.listings).toBe(2);
  });

  test("is listed again after a failure", async () => {
    let failing = true;
    const index = new FreshIndex(async () => {
      if (failing) throw new Error("no store");
      return new Uint8Array();
    });
    await expect(index.get()).rejects.toThrow("no store");
    failing = false;
    await index.get();
  });
});
