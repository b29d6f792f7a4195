import { createElement } from "../page/dom.ts";
import { type Choices, exampleOf, withDialect } from "./choices.ts";
import type { OpenQuestion } from "./file-message.ts";
import type { Preview } from "./preview.ts";
import { select } from "./preview-table.ts";

const DELIMITERS: readonly (readonly [string, string])[] = [
  [",", "Comma"],
  [";", "Semicolon"],
  ["\t", "Tab"],
  ["|", "Vertical bar"],
];
const DETECT = "detect";

/**
 * Returns the choices for a CSV file as a whole.
 *
 * @param preview what was detected; undefined while the file cannot be read
 * @param question about the format of times, which the file leaves open
 */
export function fileOptions(
  choices: Choices,
  preview: Pick<Preview, "dialect"> | undefined,
  question: OpenQuestion | undefined,
  change: (choices: Choices) => void,
): HTMLElement[] {
  const detected = (name: string | undefined) => [DETECT, name ? `Detected: ${name}` : "Detect"] as const;
  const { delimiter, decimal } = preview?.dialect ?? {};
  const nameOf = (list: readonly (readonly [string, string])[], value: string | undefined) =>
    list.find(([each]) => each === value)?.[1].toLowerCase();
  const decimals = [
    [".", "Point: 1.5"],
    [",", "Comma: 1,5"],
  ] as const;
  const chosen = (value: string) => (value === DETECT ? undefined : value);
  const lists = [
    labelled(
      "Delimiter",
      [detected(nameOf(DELIMITERS, delimiter)), ...DELIMITERS],
      choices.delimiter ?? DETECT,
      (value) => change(withDialect(choices, { delimiter: chosen(value) })),
    ),
    labelled(
      "Decimal separator",
      [detected(decimal === "," ? "comma" : decimal && "point"), ...decimals],
      choices.decimal ?? DETECT,
      (value) =>
        change({ ...choices, decimal: value === "," || value === "." ? value : undefined, types: {} }),
    ),
    labelled(
      "First line",
      [
        ["true", "Names of columns"],
        ["false", "Values"],
      ],
      String(choices.header ?? true),
      (value) => change(withDialect(choices, { header: value === "true" })),
    ),
    labelled(
      "Encoding",
      [
        ["utf-8", "UTF-8"],
        ["windows-1252", "Windows-1252"],
        ["utf-16le", "UTF-16"],
      ],
      choices.encoding ?? "utf-8",
      (value) => change(withDialect(choices, { encoding: value })),
    ),
  ];
  if (question) {
    const { column, candidates } = question;
    const formats = candidates.map((format) => [format, exampleOf(format)] as const);
    const ask = labelled(`Dates in ${column}`, [["", "Choose…"], ...formats], "", (value) =>
      change({ ...choices, formats: { ...choices.formats, [column]: value } }),
    );
    ask.classList.add("open-question");
    lists.unshift(ask);
  }
  return lists;
}

function labelled(
  name: string,
  options: readonly (readonly [string, string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  return createElement("label", { children: [name, select(name, options, value, false, onChange)] });
}
