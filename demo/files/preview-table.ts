import { createElement } from "../page/dom.ts";
import { formatType } from "../page/format.ts";
import { type Choices, exampleOf, formatChoices, TYPES } from "./choices.ts";
import type { Preview } from "./preview.ts";

/** Types of times. */
const isTime = (type: string) => /^(date|timestamp|M8)/.test(type);

/**
 * Returns the header of the first rows of a file: the name of each column, and what can be chosen for it.
 *
 * @param isFixed whether the types are those of a collection
 */
export function previewHead(
  { types, dialect, kind }: Preview,
  choices: Choices,
  isFixed: boolean,
  change: (choices: Choices) => void,
): HTMLTableRowElement {
  const index = Object.keys(types).filter((name) => types[name]!.includes("*"));
  const cells = Object.entries(types).map(([name, text]) => {
    const type = text.split(/[*|\s]/)[0]!;
    const parts: Node[] = [createElement("span", { class: "name", text: name })];
    parts.push(
      select(`Type of ${name}`, typeChoices(type), type, isFixed, (value) =>
        change({ ...choices, types: { ...choices.types, [name]: value } }),
      ),
    );
    if (kind === "csv" && isTime(type)) {
      const format = dialect?.formats[name] ?? "iso";
      const formats = formatChoices(format).map((each) => [each, exampleOf(each)] as const);
      parts.push(
        select(`Format of ${name}`, formats, format, false, (value) =>
          change({ ...choices, formats: { ...choices.formats, [name]: value } }),
        ),
      );
    }
    parts.push(indexTick(name, index, isFixed, (names) => change({ ...choices, index: names })));
    return createElement("th", { attributes: { scope: "col" }, children: parts });
  });
  return createElement("tr", { children: cells });
}

export function previewRows({ rows, types }: Preview): HTMLTableRowElement[] {
  const names = Object.keys(types);
  return rows.map((row) =>
    createElement("tr", {
      children: names.map((name) => {
        const text = row[name] ?? "";
        const isNumber = /^(u?int|float|[iuf]\d)/.test(types[name]!);
        return createElement("td", {
          text: text === "" ? "missing" : text,
          class: [isNumber && "number", text === "" && "unread"].filter(Boolean).join(" "),
        });
      }),
    }),
  );
}

const typeChoices = (type: string): (readonly [string, string])[] =>
  TYPES.some(([each]) => each === type) ? [...TYPES] : [[type, formatType(type)], ...TYPES];

/** Returns a list to choose from. */
export function select(
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  value: string,
  isDisabled: boolean,
  onChange: (value: string) => void,
): HTMLSelectElement {
  const options = choices.map(([each, text]) =>
    createElement("option", { text, attributes: { value: each } }),
  );
  const list = createElement("select", { attributes: { "aria-label": label }, children: options });
  list.value = value;
  list.disabled = isDisabled;
  list.addEventListener("change", () => onChange(list.value));
  return list;
}

function indexTick(
  name: string,
  index: readonly string[],
  isFixed: boolean,
  change: (names: readonly string[]) => void,
): HTMLLabelElement {
  const tick = createElement("input", {
    attributes: { type: "checkbox", "aria-label": `${name} is an index` },
  });
  tick.checked = index.includes(name);
  // At least one column stays the index.
  tick.disabled = isFixed || (tick.checked && index.length === 1);
  tick.addEventListener("change", () =>
    change(tick.checked ? [...index, name] : index.filter((each) => each !== name)),
  );
  return createElement("label", { class: "tick", children: [tick, "Index"] });
}
