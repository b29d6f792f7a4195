import { ownEntry } from "../../model/own-entry.ts";

/** Characters that file names cannot contain on some systems, and the % that escapes them. */
const RESERVED_CHARACTERS = /[%\\:*?"<>|\p{Cc}]/gu;

/**
 * Returns the path of a series' file: its label, with `/` between folders. Reserved characters are escaped as
 * in URLs.
 */
export const labelToPath = (label: string): string => label.split("/").map(escapeName).join("/");

function escapeName(part: string): string {
  // A folder needs a name: that of an empty part is one escaped NUL, and n NULs have one more.
  if (/^\0*$/.test(part)) return "%00".repeat(part.length + 1);
  // A leading dot hides a file or leads to the parent folder; Windows drops dots and spaces at the end of a
  // name.
  return part
    .replace(RESERVED_CHARACTERS, escapeCharacter)
    .replace(/^\./, escapeCharacter)
    .replace(/[. ]$/, escapeCharacter);
}

const escapeCharacter = (char: string) =>
  `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

/**
 * Returns the label of a path: the inverse of {@link labelToPath}. A % that escapes no reserved character
 * stays.
 */
export const pathToLabel = (path: string): string =>
  path
    .split("/")
    .map((name) => name.replace(/^%00(?=(%00)*$)/, "").replace(/%([0-9A-F]{2})/g, unescapeCharacter))
    .join("/");

function unescapeCharacter(text: string, hex: string): string {
  const char = String.fromCharCode(Number.parseInt(hex, 16));
  return /^[. ]$/.test(char) || char.match(RESERVED_CHARACTERS) ? char : text;
}

export type FileFormat = "csv" | "parquet";

const FORMATS: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  parquet: "parquet",
  pq: "parquet",
};

/** Returns the format that a file's extension names, and its path without it; undefined for other files. */
export function detectFormat(path: string): { format: FileFormat; stem: string; gzip: boolean } | undefined {
  const gzip = /\.gz$/i.test(path);
  const match = /^(.*[^/])\.([a-z]+)$/i.exec(gzip ? path.slice(0, -3) : path);
  const format = match && ownEntry(FORMATS, match[2]!.toLowerCase());
  if (!match || !format || (gzip && format === "parquet")) return undefined;
  return { format, stem: match[1]!, gzip };
}
