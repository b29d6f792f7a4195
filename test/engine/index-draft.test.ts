import { describe, expect, it } from "vitest";
import { IndexDraft } from "../../src/engine/repo/index-draft.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { PublishedFiles } from "../../src/stores/http/published-files.ts";
import type { NamedFile } from "../../src/stores/http/published-index.ts";

const FIRST = "00/00/first";
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const id = (revision: number) => `${hex(revision, 11)}-${hex(revision * 2654435761, 40)}`;
/** The files of a linear history. */
const history = (revisions: number): NamedFile[] =>
  Array.from({ length: revisions }, (_, i) => [`${id(i)}.${id(i + 1)}`, 100 + (i % 7)]);

/** A store of indexes and their pages. */
class Host {
  readonly files = new Map<string, Bytes>();
  published: PublishedFiles | undefined;
  /** Files stored by the last change. */
  puts = 0;
  reads = 0;
  bytes = 0;

  async change(folder: string, names: readonly NamedFile[], embedded = new Map<string, Bytes>()) {
    const draft = new IndexDraft(this.published);
    await draft.set({ folder, names, embedded });
    const { pages, index } = await draft.encode(FIRST);
    for (const [path, bytes] of pages) this.files.set(path, bytes);
    this.puts = pages.size + 1;
    this.bytes = index.length;
    expect(this.bytes).toBeLessThanOrEqual(64_000);
    this.reads = 0;
    this.published = new PublishedFiles(index, "memory://", async (path) => {
      this.reads++;
      return this.files.get(path);
    });
  }

  async names(folder: string): Promise<NamedFile[]> {
    const entries = await this.published!.list(folder);
    return entries.map(({ path, size }) => [path.slice(folder.length + 1), size]);
  }
}

describe("an index", () => {
  it("has all names of a history that grows, with one file for most changes", async () => {
    const host = new Host();
    const all = history(9_000);
    let changes = 0;
    let puts = 0;
    for (let count = 1; count <= all.length; count += count < 300 ? 1 : 37) {
      await host.change("c", all.slice(0, count));
      changes++;
      puts += host.puts;
    }
    expect(await host.names("c")).toEqual(all.slice(0, (await host.names("c")).length));
    expect(puts / changes).toBeLessThan(2);
    expect(host.published!.index.folders.get("c")!.pages.length).toBeLessThanOrEqual(4);
  });

  it("keeps the sizes in pages when later names are known without sizes", async () => {
    const host = new Host();
    const all = history(200);
    await host.change("c", all.slice(0, 100));
    const isInPage = (i: number) => i < 84;
    await host.change(
      "c",
      all.map(([name, size], i) => [name, isInPage(i) ? 0 : size]),
    );
    expect(await host.names("c")).toEqual(all);
  });

  it.each([
    ["trimmed", (all: NamedFile[]) => all.slice(150)],
    ["trimmed in the middle", (all: NamedFile[]) => all.filter((_, i) => i < 40 || i > 60)],
    [
      "replaced by others",
      (all: NamedFile[]) =>
        all.map(([name, size], i) => [i === 50 ? `${id(50)}.${id(5_050)}` : name, size] as NamedFile),
    ],
    [
      "inserted",
      (all: NamedFile[]) => [
        ...all.slice(0, 30),
        [`${id(30)}.${id(9_999)}`, 1] as NamedFile,
        ...all.slice(30),
      ],
    ],
  ])("lists what is there after names were %s", async (_, edit) => {
    const host = new Host();
    const all = history(300);
    for (const count of [100, 200, 300]) await host.change("c", all.slice(0, count));
    const edited = edit(all);
    await host.change("c", edited);
    expect(await host.names("c")).toEqual(edited);
  });

  it("has all of 400 collections, in a file of bounded size", async () => {
    const host = new Host();
    const folder = (i: number) => `aa/bb/${hex(i, 36)}`;
    let puts = 0;
    for (let i = 0; i < 400; i++) {
      await host.change(folder(i), history(1 + (i % 3)), new Map([[`${folder(i)}/x`, new Uint8Array(300)]]));
      puts += host.puts;
    }
    await host.change(FIRST, history(50), new Map([[`${FIRST}/x`, new Uint8Array(9_000)]]));
    for (const i of [0, 1, 234, 399]) expect(await host.names(folder(i))).toEqual(history(1 + (i % 3)));
    expect(await host.names(FIRST)).toEqual(history(50));
    expect(host.published!.file(`${FIRST}/x`)).toHaveLength(9_000);
    expect(puts / 400).toBeLessThan(1.1);
    await host.change(folder(5), history(9));
    expect(await host.names(folder(5))).toEqual(history(9));
    expect(host.published!.index.folders.keys().next().value).toBe(folder(5));
  });
});
