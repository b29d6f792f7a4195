/** What the page offers where the library's message names an option. */
const ADVICE: readonly (readonly [option: RegExp, advice: string])[] = [
  [/\bdelimiter: /, "Correct the line, or choose another delimiter."],
  [/\bdecimal: /, "Choose the decimal separator."],
  [/\bheader: /, "Choose whether the first line has names."],
  [/\bnames: /, "Rename one of them in the file."],
  [/\bsort: /, "Select “Sort rows by the index”."],
  [/\bencoding: /, "Choose the encoding of the file."],
  [/\bformats: /, "Choose the format of its times, or read it as text."],
  [/\b(fill|types): /, "Correct the file, or choose another type for the column."],
];

/** Returns an error of reading a file for users of the page: with what they can choose in place of options in code. */
export function fileMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentences = message.split(/(?<=\.)\s+(?=[A-Z])/).map((sentence) => {
    const [, advice] = ADVICE.find(([option]) => option.test(sentence)) ?? [];
    return advice ?? sentence;
  });
  return [...new Set(sentences)].join(" ");
}

/** The formats that the times of a column may have, where the file does not tell which is meant. */
export interface OpenQuestion {
  readonly column: string;
  readonly candidates: readonly string[];
}

/** Returns what has to be asked before a file can be read; undefined for other errors. */
export function openQuestion(error: unknown): OpenQuestion | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!("column" in cause) || !("candidates" in cause)) continue;
    const { column, candidates } = cause;
    if (typeof column === "string" && Array.isArray(candidates)) return { column, candidates };
  }
  return undefined;
}
