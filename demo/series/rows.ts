import { createElement } from "../page/dom.ts";
import { matchedParts } from "./highlight.ts";
import type { TreeRow } from "./label-tree.ts";
import type { Match } from "./search-labels.ts";
import type { ListRow } from "./virtual-list.ts";

export interface RowEvents {
  select(label: string, collection: string): void;
  /** Adds a series of the open collection to the chart, or removes it. */
  toggle(label: string): void;
  /** Opens a folder, or closes it. */
  fold(prefix: string): void;
  /** Lists more of a folder. */
  load(prefix: string): void;
}

/** What is selected: the first series is the current one. */
export interface Selection {
  readonly collection: string;
  readonly series: readonly string[];
}

/** Returns the row of a line of the tree. */
export function rowOfTree(row: TreeRow, selection: Selection, events: RowEvents): ListRow {
  switch (row.kind) {
    case "series":
      return seriesRow({ ...row, collection: selection.collection }, selection, events);
    case "folder": {
      const { prefix, name, depth, isOpen } = row;
      return {
        key: `folder ${prefix}`,
        state: String(isOpen),
        draw: () => folderItem(prefix, name, depth, isOpen, events),
      };
    }
    case "more": {
      const { prefix, depth, hasFailed } = row;
      return {
        key: `more ${prefix}`,
        state: String(hasFailed),
        draw: () => moreItem(prefix, depth, hasFailed, events),
        ...(!hasFailed && { onSeen: () => events.load(prefix) }),
      };
    }
  }
}

export const seriesKey = ({ collection, label }: Match): string => `series ${collection}\n${label}`;

/** Returns the row of a series that was found, with its whole label. The words that were searched for are marked. */
export const rowOfMatch = (
  match: Match,
  words: readonly string[],
  selection: Selection,
  events: RowEvents,
): ListRow => seriesRow({ ...match, name: match.label, depth: 0, words }, selection, events);

interface SeriesPlace extends Match {
  readonly name: string;
  readonly depth: number;
  /** What was searched for. */
  readonly words?: readonly string[];
}

function seriesRow(place: SeriesPlace, selection: Selection, events: RowEvents): ListRow {
  const isHere = place.collection === selection.collection;
  const position = isHere ? selection.series.indexOf(place.label) : -1;
  return {
    key: seriesKey(place),
    state: [Math.min(position, 1), isHere, place.words, place.title, place.note].join("\n"),
    draw: () => seriesItem(place, { isHere, position }, events),
  };
}

function seriesItem(
  { collection, label, name, depth, title, note, words = [] }: SeriesPlace,
  { isHere, position }: { isHere: boolean; position: number },
  { select, toggle }: RowEvents,
): HTMLLIElement {
  const marked = (text: string) =>
    matchedParts(text, words).map((part) =>
      part.isMatch ? createElement("mark", { text: part.text }) : part.text,
    );
  const details = [title, note, isHere ? undefined : collection].filter((text) => text !== undefined);
  const small = createElement("small", { children: marked(details.join(" · ")) });
  const fullName = [title === undefined ? label : `${label}, ${title}`, isHere ? "" : ` in ${collection}`];
  const button = createElement("button", {
    class: "label",
    attributes: { type: "button", title: label, "aria-label": fullName.join("") },
    children: details.length > 0 ? [...marked(name), small] : marked(name),
  });
  if (position === 0) button.setAttribute("aria-current", "true");
  button.addEventListener("click", (event) => {
    if (isHere && (event.ctrlKey || event.metaKey)) toggle(label);
    else select(label, collection);
  });
  const parts = isHere && position !== 0 ? [button, compareButton(label, position > 0, toggle)] : [button];
  return indented(depth, parts);
}

function compareButton(label: string, isOn: boolean, toggle: (label: string) => void): HTMLButtonElement {
  const button = createElement("button", {
    text: isOn ? "−" : "+",
    class: "compare",
    attributes: {
      type: "button",
      "aria-pressed": String(isOn),
      "aria-label": `Compare with ${label}`,
      title: isOn ? "Remove it from the chart" : "Show it in the same chart",
    },
  });
  button.addEventListener("click", () => toggle(label));
  return button;
}

function folderItem(
  prefix: string,
  name: string,
  depth: number,
  isOpen: boolean,
  { fold }: RowEvents,
): HTMLLIElement {
  const button = createElement("button", {
    text: name,
    class: "label folder",
    attributes: {
      type: "button",
      title: prefix,
      "aria-label": `Folder ${prefix}`,
      "aria-expanded": String(isOpen),
    },
  });
  button.addEventListener("click", () => fold(prefix));
  return indented(depth, [button]);
}

function moreItem(prefix: string, depth: number, hasFailed: boolean, { load }: RowEvents): HTMLLIElement {
  if (!hasFailed) return indented(depth, [createElement("span", { class: "label note", text: "Listing…" })]);
  const button = createElement("button", {
    text: "Listing failed. Try again",
    class: "label note",
    attributes: { type: "button" },
  });
  button.addEventListener("click", () => load(prefix));
  return indented(depth, [button]);
}

function indented(depth: number, children: readonly HTMLElement[]): HTMLLIElement {
  const item = createElement("li", { children });
  item.style.setProperty("--depth", String(depth));
  return item;
}
