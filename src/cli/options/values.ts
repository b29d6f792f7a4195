import type { Bound } from "../../model/api/options.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import type { IndexValue } from "../../model/column.ts";
import type { Closed } from "../../model/key.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { readRevisionName } from "./revision-name.ts";
import { UsageError } from "./usage-error.ts";
import { WHEN_FORMS, whenText } from "./when.ts";

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

/** The value of `--before` or `--at`: a time as the API takes it, or the name of a revision, which is yet to be looked up. */
export type Before = { readonly time: string } | { readonly revision: string };

const REVISIONS = "such as head, head~1, @{yesterday}, or an id or its first 8 digits or more";

/** Parses a time or the name of a revision, of which the state before is meant. A time without a zone is UTC. */
export const parseBefore = (text: string): Before =>
  parseMoment(
    text,
    `Write ${WHEN_FORMS}: the state right then; or a revision, ${REVISIONS}: the state without what it wrote`,
  );

/** Parses a time or the name of a revision, of which the state with it is meant. */
export const parseAt = (text: string): Before =>
  parseMoment(text, `Write ${WHEN_FORMS}; or a revision, ${REVISIONS}: the state with what was written then`);

/** The values of `--before` and `--at`, of which at most one is given. Neither means the current state. */
export interface Moment {
  readonly before?: Before | undefined;
  readonly at?: Before | undefined;
}

/** Parses a time or the name of a revision, up to which something is done. */
export const parseUntil = (text: string): Before =>
  parseMoment(text, `Write ${WHEN_FORMS}; or a revision, ${REVISIONS}`);

function parseMoment(text: string, forms: string): Before {
  if (/^[\da-f]{11}(-[\da-f]{40})?$/.test(text)) return { time: text };
  const time = whenText(text);
  if (time !== undefined) return { time };
  if (readRevisionName(text)) return { revision: text };
  throw new UsageError(`"${text}" is neither a time nor a revision. ${forms}.`);
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
    case "datetime": {
      const time = whenText(text);
      if (time !== undefined) return time;
      throw new UsageError(
        `--${name}: "${text}" is not a time, as column "${column.name}" needs. Write ${WHEN_FORMS}.`,
      );
    }
    default:
      return text;
  }
}
