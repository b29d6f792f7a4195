import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROWS } from "./helpers.ts";
import { onTerminal } from "./terminal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakota-terminal-"));
  await writeFile(join(folder, "rows.csv"), ROWS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (...args: readonly string[]) =>
  (await onTerminal("-r", join(folder, "repo"), ...args)).text;
const AS_REVISION = /, as revision [\da-f]{11}-[\da-f]{40}\.\n$/;

test("each change is told, with its rows and its revision", async () => {
  expect(await run("create", "temperature", "timestamp timestamp*", "value float")).toBe(
    "Created temperature: timestamp timestamp*, value float.\n",
  );
  expect(await run("create", "temperature", "timestamp timestamp*", "value float")).toBe(
    "Nothing changed: temperature exists, with these columns.\n",
  );
  const write = ["write", "temperature/Brussels", join(folder, "rows.csv")];
  expect(await run(...write)).toMatch(/^Wrote 3 rows, as revision [\da-f]{11}-/);
  expect(await run(...write)).toBe("Nothing changed: the same rows are there already.\n");
  expect(await run("rename", "temperature/Brussels", "Uccle")).toMatch(AS_REVISION);
  expect(await run("rename", "temperature", "weather")).toMatch(AS_REVISION);
  const remove = ["delete", "weather/Uccle", "--start", "2026-03-02"];
  expect(await run(...remove, "--dry-run")).toBe("Would delete 2 rows from weather/Uccle.\n");
  const removed = await run(...remove);
  expect(removed).toMatch(/^Deleted 2 rows from weather\/Uccle, as/);
  expect(removed).toMatch(AS_REVISION);
  expect(await run("revert", "weather", "head~1")).toMatch(AS_REVISION);
  expect(await run("delete", "weather/Uccle")).toMatch(/^Deleted 3 rows with the series.*as revision/);
  expect(await run("delete", "weather/Uccle", "--quiet").catch((error) => error.message)).toMatch(
    /no series/,
  );
});

test("a first write tells what it created, and then what it wrote", async () => {
  const write = ["write", "first/Brussels", join(folder, "rows.csv"), "--create"];
  const [created, wrote] = (await run(...write)).split("\n");
  expect(created).toBe("Created first: timestamp timestamp*, value float.");
  expect(wrote).toMatch(/^Wrote 3 rows/);
  expect(await run("info", "first/Brussels")).toBe(
    "Brussels has no description. `lakota describe first/Brussels --title …` gives it one.\n",
  );
  await run("delete", "first");
});

test("an import tells the types that it found", async () => {
  const data = join(folder, "data/prices");
  await mkdir(data, { recursive: true });
  await writeFile(join(data, "ACME.csv"), "day,close\n2026-01-01,1.5\n2026-01-02,2\n");
  const [first, second] = (await run("import", join(folder, "data"))).split("\n");
  expect(first).toMatch(/^prices: 1 series, 2 rows, as revision [\da-f]{11}-[\da-f]{40}\.$/);
  expect(second).toBe("Created prices: day date*, close float.");
  expect(await run("import", join(folder, "data"))).toBe("prices: 1 series, 2 rows.\n");
});

test("tables are aligned without --pretty, also with wide characters", async () => {
  await run("create", "名前", "k str*", "v int");
  const csv = join(folder, "wide.csv");
  await writeFile(csv, "k,v\ne\u0301te\u0301,1\n東京,1234\n👩‍🚀,12\n");
  await run("write", "名前/s", csv, "--sort");
  expect(await run("ls")).toBe("collection\n----------\nprices\nweather\n名前\n");
  expect((await run("read", "名前/s")).split("\n")).toEqual([
    "k        v",
    "----  ----",
    "e\u0301te\u0301      1",
    "東京  1234",
    "👩‍🚀      12",
    "",
  ]);
  expect(await run("len", "名前")).toBe("3\n");
  expect(JSON.parse(await run("ls", "--json"))).toEqual(["prices", "weather", "名前"]);
});

test("a table of several pages has one header, and columns that only become wider", async () => {
  await run("create", "pages", "k int*", "v str");
  const csv = join(folder, "pages.csv");
  await writeFile(csv, "k,v\n1,a\n2,bbbbbbbb\n3,c\n");
  await run("write", "pages/s", csv);
  expect(await run("read", "pages/s", "--paginate", "1")).toBe("k  v\n-  -\n1  a\n2  bbbbbbbb\n3  c\n");
});
