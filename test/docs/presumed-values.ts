import { mkdirSync, writeFileSync } from "node:fs";
import { vi } from "vitest";
import * as arrow from "../../src/arrow.ts";
import * as interchange from "../../src/interchange.ts";
import * as query from "../../src/query.ts";
import { connect, openRepo, Schema } from "./lakota-in-node.ts";

const CSV = "timestamp,value\n2026-03-03T00:00:00,1.5\n2026-03-04T00:00:00,2.5\n";
const PRICES = "day,price\n2026-03-03,1.5\n2026-03-04,2.5\n";
const INDOOR = new Schema({ timestamp: "timestamp*", celsius: "float" });
const SHARES = new Schema({ day: "date*", close: "float" });
/** Milliseconds after which loops that run until their signal fires end. */
const UNTIL_SIGNAL = 100;

/**
 * Sets the globals that the snippets of documents presume: the repository `weather`, objects of it, and functions of the
 * reader's app. Returns a function that closes the repository.
 */
export async function setPresumedValues(): Promise<() => void> {
  vi.setSystemTime("2025-12-01"); // so that there is a state of that time
  const repo = await openRepo("weather");
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  const collection = await repo.createCollection(schema, "temperature");
  const rows = { timestamp: ["2026-03-01", "2026-03-02"], value: [4.5, 6.1] };
  for (const label of ["Brussels", "Ghent", "old"]) await collection.series(label).write(rows);
  const sensors = await repo.createCollection(schema, "sensors", { table: "tree" });
  for (const label of ["a1", "a2"]) await sensors.series(label).write(rows);
  const indoor = await repo.createCollection(INDOOR, "indoor");
  await indoor.series("Brussels").write({ timestamp: ["2026-03-01"], celsius: [21] });
  const shares = await repo.createCollection(SHARES, "shares");
  await shares.series("ACME").write({ day: ["2026-03-01"], close: [103] });
  await repo.createCollection(schema, "old");
  mkdirSync("data");
  writeFileSync("data/ACME.csv", PRICES);
  const series = collection.series("Brussels");
  const frame = await series.read();
  vi.useRealTimers();
  const nothing = () => {};
  Object.assign(globalThis, {
    repo,
    schema,
    collection,
    series,
    framesByLabel: new Map([["Liège", frame]]),
    note: { author: "Ada" },
    connect,
    openRepo,
    Schema,
    ...interchange,
    toArrow: arrow.toArrow,
    cols: query.cols,
    accessKeyId: "id",
    secretAccessKey: "secret",
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    options: {},
    signal: AbortSignal.timeout(UNTIL_SIGNAL),
    width: 400,
    file: Object.assign(new Blob([CSV]), { write: nothing }),
    input: { files: [new File([PRICES], "ACME.csv")] },
    plot: { setData: nothing },
    draw: nothing,
    redraw: nothing,
    onProgress: nothing,
  });
  return () => repo.close();
}
