import type { Bound } from "../../model/api/options.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import type { IndexValue } from "../../model/column.ts";
import type { Closed } from "../../model/key.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { parseIsoMs } from "../../model/time.ts";
import { UsageError } from "./usage-error.ts";

/** Parsers of option values that several verbs share. All throw UsageError. */

export function wholeNumber(text: string): number {
  const number = Number(text.replaceAll(/[_,]/g, ""));
  if (/^\d/.test(text) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`"${text}" is not a whole number.`);
}

/** Parses seconds, such as `2.5`, and returns milliseconds. */
export function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return 1_000 * Number(text);
  throw new UsageError(`"${text}" is not a number of seconds.`);
}

export const list = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const CLOSED: Readonly<Record<string, Closed>> = {
  left: "left",
  l: "left",
  right: "right",
  r: "right",
  both: "both",
  b: "both",
  none: "none",
  n: "none",
};

export function closed(text: string): Closed {
  const found = ownEntry(CLOSED, text.toLowerCase());
  if (found) return found;
  throw new UsageError(`"${text}" is not one of left, right, both, none.`);
}

export function tableKind(text: string): TableKind {
  if (text === "flat" || text === "tree") return text;
  throw new UsageError(`"${text}" is not one of flat, tree.`);
}

/** Checks a time or a revision, for the API's `before`, which reads a time without a zone as UTC. */
export function parseTime(text: string): string {
  if (/^[\da-f]{11}(-[\da-f]{40})?$/.test(text) || parseIsoMs(text) !== undefined) return text;
  throw new UsageError(`"${text}" is neither a time, such as 2026-03-01T12:00, nor a revision.`);
}

/** Parses one index value for each text, in the types of the index columns. */
export function bound(schema: Schema, name: string, texts: readonly string[] | undefined): Bound | undefined {
  if (texts === undefined) return undefined;
  return texts.map((text, i) => indexValue(schema, name, text, i));
}

function indexValue(schema: Schema, name: string, text: string, position: number): IndexValue {
  const column = schema.index[position];
  if (!column) {
    const names = schema.index.map(({ name }) => name).join(", ");
    throw new UsageError(`--${name} was given more often than there are index columns (${names}).`);
  }
  switch (column.dtype.kind) {
    case "float":
    case "bool": {
      const number = Number(text);
      if (text.trim() !== "" && !Number.isNaN(number)) return number;
      throw new UsageError(`--${name}: "${text}" is not a number, as column "${column.name}" needs.`);
    }
    case "int":
    case "uint":
    case "timedelta":
      if (/^[+-]?\d+$/.test(text.trim())) return BigInt(text);
      throw new UsageError(`--${name}: "${text}" is not a whole number, as column "${column.name}" needs.`);
    default:
      return text;
  }
}
