import type * as Interchange from "../../src/interchange.ts";
import type { Collection } from "../../src/model/api/collection.ts";
import type { Repo } from "../../src/model/api/repo.ts";
import type { FrameColumn } from "../../src/model/frame.ts";
import type { Schema } from "../../src/model/schema.ts";

/** An implementation of the API: `lakota` in a page, `lakota/engine` on this thread. */
export interface EntryPoint {
  open(uri: string): Promise<Repo>;
  Schema: typeof Schema;
  interchange: typeof Interchange;
}

/** Formats a value so that equal values, typed arrays included, give equal text. */
function format(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number") return String(value); // JSON has no NaN
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `${value.constructor.name} ${format(Array.from(value as unknown as ArrayLike<unknown>))}`;
  if (Array.isArray(value)) return `[${value.map(format).join(", ")}]`;
  return JSON.stringify(value) ?? "undefined";
}

/** @throws if the values differ. @param what for the message */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (format(actual) !== format(expected))
    throw new Error(
      `${what}: got ${format(actual).slice(0, 500)}, expected ${format(expected).slice(0, 500)}`,
    );
}

/** @throws if the promise does not reject with this error. @param code "no error" if it should resolve */
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

/** Whether a column fills its buffer, so that it can be transferred. */
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

/** Returns `rows` minutes from minute `first` on, each with its number plus ½ as value. */
export function minutes(rows: number, first = 0): { timestamp: BigInt64Array; value: Float64Array } {
  return {
    timestamp: BigInt64Array.from({ length: rows }, (_, row) => BigInt(START + 60 * (first + row))),
    value: Float64Array.from({ length: rows }, (_, row) => first + row + 0.5),
  };
}

/** Creates a collection of one value a minute in a new repo. */
export async function weather({ open, Schema }: EntryPoint): Promise<{ repo: Repo; collection: Collection }> {
  const repo = await open("memory://");
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  return { repo, collection: await repo.createCollection(schema, "weather") };
}
