import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRepo, Schema } from "../../src/node.ts";
import { type Consumer, makeConsumer } from "../packaging/consumer.ts";
import { serveFolder } from "../packaging/static-server.ts";

const SCRIPT = fileURLToPath(new URL("../../examples/gallery/node/chart.mjs", import.meta.url));
const ROWS = 200_000;
const START = Date.UTC(2024, 0, 1);

/** A project with the script and a repository, in which lakota is installed from its tarball. */
let consumer: Consumer;
let repository: string;

beforeAll(async () => {
  consumer = makeConsumer();
  copyFileSync(SCRIPT, join(consumer.folder, "chart.mjs"));
  repository = join(consumer.folder, "repository");
  const repo = await openRepo(repository);
  const collection = await repo.createCollection(new Schema({ timestamp: "timestamp*", v: "float" }), "c");
  const timestamp = Float64Array.from({ length: ROWS }, (_, row) => START + 1000 * row);
  const v = timestamp.map((_, row) => (row === 123_456 ? 9 : Math.sin(row / 9_000)));
  v.fill(Number.NaN, 50_000, 60_000);
  await collection.series("s & t").write({ timestamp, v });
  await repo.publish();
  repo.close();
}, 60_000);
afterAll(() => consumer?.remove());

interface Outcome {
  failed: boolean;
  stdout: string;
  stderr: string;
}

const chart = (...args: string[]) =>
  new Promise<Outcome>((resolve) => {
    execFile(process.execPath, ["chart.mjs", ...args], { cwd: consumer.folder }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    );
  });

/** Returns the corners of the pieces of the line, in the pixels of the picture. */
function piecesOf(file: string): [number, number][][] {
  const [, path = ""] =
    /class="line" d="([^"]+)"/.exec(readFileSync(join(consumer.folder, file), "utf8")) ?? [];
  const corners = (piece: string) => piece.split("L").map((corner) => corner.split(",").map(Number));
  return path
    .split("M")
    .slice(1)
    .map((piece) => corners(piece) as [number, number][]);
}

test("the script for Node draws every extreme, and a gap where there are no values", async () => {
  const { stdout, stderr } = await chart(repository, "c", "s & t", "v", "chart.svg");
  expect([stdout, stderr]).toEqual([
    expect.stringMatching(/^chart.svg: 200,000 rows in 1\d\d\d points\n$/),
    "",
  ]);
  const pieces = piecesOf("chart.svg");
  expect(pieces).toHaveLength(2);
  const corners = pieces.flat();
  const [x, y] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  expect([x[0], x.at(-1), Math.min(...y), Math.max(...y)]).toEqual([56, 920, 48, 328]);
  const spike = corners[y.indexOf(48)]!;
  expect(spike[0]).toBeCloseTo(56 + (864 * 123_456) / (ROWS - 1), 0);
  const text = readFileSync(join(consumer.folder, "chart.svg"), "utf8");
  expect(text).toContain(">s &#38; t, v<");
  for (const label of ["9.0", "-1.0", "2024-01-01", "2024-01-03"]) expect(text).toContain(`>${label}<`);
});

test("the script draws the same from a web host", async () => {
  const host = await serveFolder(consumer.folder);
  try {
    await chart(`${host.url}/repository`, "c", "s & t", "v", "host.svg");
  } finally {
    await host.close();
  }
  expect(piecesOf("host.svg")).toEqual(piecesOf("chart.svg"));
});

test.each([
  ["no file named", [], /^Usage: node chart\.mjs/],
  ["no such collection", ["repository", "weather", "s", "v", "no.svg"], /No collection "weather"/],
  ["no such series", ["repository", "c", "nobody", "v", "no.svg"], /no series "nobody"/],
  ["no such column", ["repository", "c", "s & t", "w", "no.svg"], /"w"/],
])("%s: prints an error and writes nothing", async (_, args, message) => {
  const { failed, stderr } = await chart(...args);
  expect([failed, stderr]).toEqual([true, expect.stringMatching(message)]);
  expect(existsSync(join(consumer.folder, "no.svg"))).toBe(false);
});
