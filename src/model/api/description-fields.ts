import { describeValue } from "../cast-value.ts";
import { checkLabel } from "../check-label.ts";
import { LakotaError, readArgument } from "../errors.ts";
import { ownEntry } from "../own-entry.ts";
import type { Schema } from "../schema.ts";
import type { DescriptionChange } from "./description.ts";

/** What is stored of a field. */
export type FieldValue = string | readonly string[];

/** A field to be set, or with `null` removed, of what has the label. */
export interface FieldEdit {
  readonly label: string;
  readonly field: string;
  readonly value: FieldValue | null;
}

/** Edits by the series of the descriptions that has them. */
export type Edits = Readonly<Record<DescribedKind, readonly FieldEdit[]>>;

/** What can be described: the collection itself (with an empty label), its columns, its series. */
export type DescribedKind = "collection" | "columns" | "series";

/** Returns the value of a field. @param where names it in errors @throws `invalid-argument` */
type Check = (value: unknown, where: string) => FieldValue | null;
type Fields = Readonly<Record<string, Check>>;

const MAX_TAGS = 100;

function text(most: number): (value: unknown, where: string) => string {
  return (value, where) => {
    if (typeof value !== "string" || value === "")
      throw invalid(
        `${where}: ${describeValue(value)} is no text. Pass a non-empty text, or null to remove it.`,
      );
    if (value.length <= most) return value;
    throw invalid(`${where} has ${value.length} characters. At most ${most} are allowed.`);
  };
}

const short = text(200);
const medium = text(1_000);
const long = text(10_000);

const timeZone: Check = (value, where) => {
  const name = short(value, where);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    throw invalid(
      `${where}: ${describeValue(name)} is no time zone. Pass a name such as "Europe/Brussels" or "UTC".`,
    );
  }
  return name;
};

const tags: Check = (value, where) => {
  if (!Array.isArray(value))
    throw invalid(
      `${where}: ${describeValue(value)} is no list of texts. Pass a list, or null to remove it.`,
    );
  if (value.length > MAX_TAGS)
    throw invalid(`${where} has ${value.length} tags. At most ${MAX_TAGS} are allowed.`);
  const checked = Array.from(value, (tag: unknown, i) => short(tag, `${where}[${i}]`));
  return checked.length > 0 ? [...new Set(checked)] : null;
};

const COLUMN: Fields = { title: short, unit: short, description: long };

const FIELDS: Readonly<Record<DescribedKind, Fields>> = {
  collection: { title: short, description: long, source: medium, licence: medium, timeZone },
  columns: COLUMN,
  series: { ...COLUMN, tags },
};

/** Returns the edits that a change asks for. @throws `invalid-argument`, naming the field */
export function editsOf(change: DescriptionChange, schema: Schema): Edits {
  return readArgument("description must be an object of fields, as in { title: … }.", () => {
    const { columns, series, ...own } = objectOf(change, "description");
    return {
      collection: fieldEdits("collection", "", own, ""),
      columns: editsOfAll("columns", columns, (name) => schema.column(name).name),
      series: editsOfAll("series", series, checkLabel),
    };
  });
}

/** @param check returns a valid label */
function editsOfAll(kind: DescribedKind, all: unknown, check: (label: string) => string): FieldEdit[] {
  if (all === undefined) return [];
  return Object.entries(objectOf(all, kind)).flatMap(([label, fields]) => {
    if (fields === undefined) return [];
    const name = check(label);
    const removed = () => Object.fromEntries(Object.keys(FIELDS[kind]).map((field) => [field, null]));
    return fieldEdits(kind, name, fields === null ? removed() : fields, `${kind}.${label}.`);
  });
}

/** @param place is put before the names of fields in errors */
function fieldEdits(kind: DescribedKind, label: string, fields: unknown, place: string): FieldEdit[] {
  const given = objectOf(fields, place.slice(0, -1));
  return Object.entries(given).flatMap(([field, value]): FieldEdit[] => {
    const check = ownEntry(FIELDS[kind], field);
    if (!check) {
      const known = Object.keys(FIELDS[kind]).join(", ");
      const more = kind === "collection" ? ", columns, series" : "";
      throw invalid(`${place}${field} is no field of a description. There are: ${known}${more}.`);
    }
    if (value === undefined) return [];
    return [{ label, field, value: value === null ? null : check(value, `${place}${field}`) }];
  });
}

function objectOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>; // every object is one
  throw invalid(`${where}: ${describeValue(value)} is no object of fields.`);
}

/** Whether a value can be that of a field: others are not shown, since anybody may have stored them. */
export function isField(kind: DescribedKind, field: string, value: unknown): value is FieldValue {
  const check = ownEntry(FIELDS[kind], field);
  try {
    return check !== undefined && check(value, field) !== null;
  } catch {
    return false;
  }
}

/** Returns the names of the fields of one kind. */
export const fieldsOf = (kind: DescribedKind): string[] => Object.keys(FIELDS[kind]);

const invalid = (message: string): LakotaError => new LakotaError("invalid-argument", message);
