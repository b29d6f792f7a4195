/** Characters that names of files cannot have on some system, and the % that escapes them. */
const RESERVED_CHARACTERS = /[%\\:*?"<>|\p{Cc}]/gu;

/** The path of a series: its label, with `/` between folders. What no file can be called is escaped as in URLs. */
export const labelToPath = (label: string): string => label.split("/").map(escapeName).join("/");

function escapeName(part: string): string {
  if (part === "") return "%00"; // a folder without a name
  // Dots lead up, hide a file, or are lost at the end of a name, as spaces are.
  return part.replace(RESERVED_CHARACTERS, escape).replace(/^\./, escape).replace(/[. ]$/, escape);
}

const escape = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

/** The label that a path was made of. A % that escapes nothing of the kind stays. */
export const pathToLabel = (path: string): string =>
  path
    .split("/")
    .map((name) => (name === "%00" ? "" : name.replace(/%([0-9A-F]{2})/g, unescape)))
    .join("/");

function unescape(text: string, hex: string): string {
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

/** The format of a file by the ending of its name, and its path without it; undefined for other files. */
export function detectFormat(path: string): { format: FileFormat; stem: string; gzip: boolean } | undefined {
  const gzip = /\.gz$/i.test(path);
  const match = /^(.*[^/])\.([a-z]+)$/i.exec(gzip ? path.slice(0, -3) : path);
  const format = match && FORMATS[match[2]!.toLowerCase()];
  if (!match || !format || (gzip && format === "parquet")) return undefined;
  return { format, stem: match[1]!, gzip };
}
