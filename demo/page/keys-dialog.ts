import { createElement } from "./dom.ts";

type Keys = readonly (readonly [keys: readonly string[], what: string])[];

const GROUPS: readonly (readonly [title: string, keys: Keys])[] = [
  [
    "Page",
    [
      [["/"], "Search"],
      [["?"], "Show keyboard shortcuts"],
      [["Esc"], "Clear the search, or close a dialog"],
    ],
  ],
  [
    "Series",
    [
      [["↑", "↓"], "Move through the list"],
      [["→", "←"], "Open or close a folder"],
      [["Enter"], "Show the series"],
      [["Ctrl", "click"], "Add the series to the chart, or remove it"],
    ],
  ],
  [
    "Chart",
    [
      [["←", "→"], "Read the previous or next value"],
      [["Home", "End"], "Go to the first or last value"],
      [["+", "−"], "Zoom in or out"],
      [["Page Up", "Page Down"], "Pan"],
      [["Esc"], "Reset the zoom"],
    ],
  ],
  [
    "Table",
    [
      [["↑", "↓"], "Scroll by a row"],
      [["Page Up", "Page Down"], "Scroll by a page"],
      [["Home", "End"], "Go to the first or last row"],
      [["Enter"], "On a header: sort by the column"],
    ],
  ],
];

/** Opens the dialog that lists the keys. */
export function showKeys(): void {
  const dialog = createElement("dialog", {
    class: "keys wide",
    attributes: { "aria-labelledby": "keys-title" },
    children: [
      createElement("h2", {
        text: "Keyboard shortcuts",
        attributes: { id: "keys-title", tabindex: "-1", autofocus: "" },
      }),
      createElement("div", {
        class: "key-groups",
        children: GROUPS.map(([title, keys]) => group(title, keys)),
      }),
      createElement("p", {
        class: "note",
        text: "Keys for the series, the chart and the table work while they have the focus: press Tab to reach them.",
      }),
      createElement("form", {
        attributes: { method: "dialog" },
        children: [createElement("button", { text: "Close", attributes: { type: "submit" } })],
      }),
    ],
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function group(title: string, keys: Keys): HTMLElement {
  const rows = keys.map(([names, what]) =>
    createElement("div", {
      children: [
        createElement("dt", { children: names.map((name) => createElement("kbd", { text: name })) }),
        createElement("dd", { text: what }),
      ],
    }),
  );
  return createElement("section", {
    children: [createElement("h3", { text: title }), createElement("dl", { children: rows })],
  });
}
