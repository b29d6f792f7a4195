import type * as Interchange from "../../src/interchange.ts";
import type { Collection } from "../../src/model/api/collection.ts";
import type { Repo } from "../../src/model/api/repo.ts";
import type { FrameColumn } from "../../src/model/frame.ts";
import type { Schema } from "../../src/model/schema.ts";

/** A way to a repo: `lakota` in a page, `lakota/engine` on this thread. */
export interface EntryPoint {
  open(uri: string): Promise<Repo>;
  Schema: typeof Schema;
  interchange: typeof Interchange;
}

function format(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number") return String(value); // NaN is what JSON lacks
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `${value.constructor.name} ${format(Array.from(value as unknown as ArrayLike<unknown>))}`;
  if (Array.isArray(value)) return `[${value.map(format).join(", ")}]`;
  return JSON.stringify(value) ?? "undefined";
}

export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (format(actual) !== format(expected))
    throw new Error(
      `${what}: got ${format(actual).slice(0, 500)}, expected ${format(expected).slice(0, 500)}`,
    );
}

export async function expectError(
  promise: Promise<unknown>,
  code: string,
  message: RegExp = /./,
): Promise<void> {
  const outcome = await promise.then(
    () => ({ code: "no error", message: "" }),
    (error) => error,
  );
  expectSame(outcome.code ?? String(outcome), code, `code of "${outcome.message}"`);
  if (code !== "no error" && !message.test(outcome.message))
    throw new Error(`"${outcome.message}" does not match ${message}`);
}

/** Whether a column stands in memory of its own, as it must to be transferred. */
export function ownsBuffer(column: FrameColumn): boolean {
  return (
    ArrayBuffer.isView(column) &&
    column.byteOffset === 0 &&
    column.byteLength === column.buffer.byteLength &&
    column.byteLength > 0
  );
}

/** 2020-01-01, in seconds. */
export const START = 1_577_836_800;

/** `rows` minutes from `first` on, and numbers that tell their row. */
export function minutes(rows: number, first = 0): { timestamp: BigInt64Array; value: Float64Array } {
  return {
    timestamp: BigInt64Array.from({ length: rows }, (_, row) => BigInt(START + 60 * (first + row))),
    value: Float64Array.from({ length: rows }, (_, row) => first + row + 0.5),
  };
}

/** A collection of one value a minute, in a repo of its own. */
export async function weather({ open, Schema }: EntryPoint): Promise<{ repo: Repo; collection: Collection }> {
  const repo = await open("memory://");
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  return { repo, collection: await repo.createCollection(schema, "weather") };
}
