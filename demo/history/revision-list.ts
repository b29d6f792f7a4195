import { createElement, elementsById } from "../page/dom.ts";
import { formatQuantity } from "../page/format.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { type GraphLine, type GraphNode, layOut } from "./graph.ts";
import { formatNote, formatRevisionTime, formatRowsWritten } from "./revision-text.ts";

/** Distance of two lanes in CSS pixels. */
const LANE = 14;

export interface RevisionBoxEvents {
  /** The user opened the list. */
  opened(): void;
  /** The user wants older revisions, too. */
  older(): void;
  restore(revision: DetailedRevision): void;
  /** The user selected the state of a revision. */
  select(revision: DetailedRevision): void;
}

/** All revisions as a list, which is filled while it is open. */
export class RevisionBox {
  readonly #parts = elementsById({
    revisionsBox: "details",
    revisions: "ol",
    older: "button",
    revisionsTitle: "*",
  });
  readonly #events: RevisionBoxEvents;
  #revisions: readonly DetailedRevision[] = [];

  constructor(events: RevisionBoxEvents) {
    this.#events = events;
    this.#parts.older.addEventListener("click", () => events.older());
    this.#parts.revisionsBox.addEventListener("toggle", () => {
      this.#fill();
      if (this.#parts.revisionsBox.open) events.opened();
    });
  }

  /** @param revisions oldest first. @param hasOlder whether there may be older ones */
  show(revisions: readonly DetailedRevision[], hasOlder: boolean): void {
    this.#parts.revisionsBox.hidden = revisions.length === 0;
    this.#parts.older.hidden = !hasOlder;
    this.#revisions = revisions;
    this.#parts.revisionsTitle.textContent = `${hasOlder ? "The last " : ""}${formatQuantity(revisions.length, "revision")}`;
    this.#fill();
  }

  clear(): void {
    this.#parts.revisionsBox.hidden = true;
    this.#revisions = [];
    this.#parts.revisions.replaceChildren();
  }

  #fill(): void {
    if (!this.#parts.revisionsBox.open) return;
    this.#parts.revisions.replaceChildren(...revisionItems([...this.#revisions].reverse(), this.#events));
  }
}

/** Returns the items of a list of revisions, newest first, with a drawing of how they were built on each other. */
function revisionItems(newestFirst: readonly DetailedRevision[], events: RevisionBoxEvents): HTMLLIElement[] {
  const heads = newestFirst.filter(({ head }) => head).length;
  const graph = layOut(newestFirst);
  const lanes =
    1 +
    Math.max(
      0,
      ...graph.flatMap(({ lane, above, below }) => [lane, ...[...above, ...below].map(({ edge }) => edge)]),
    );
  return newestFirst.map((revision, i) =>
    revisionItem(revision, heads, drawNode(graph[i]!, lanes, revision), events),
  );
}

function revisionItem(
  revision: DetailedRevision,
  heads: number,
  drawing: HTMLElement,
  { restore, select }: RevisionBoxEvents,
): HTMLLIElement {
  const { head } = revision;
  const date = createElement("time", {
    text: formatRevisionTime(revision),
    attributes: { datetime: revision.time.toISOString() },
  });
  const time = createElement("button", {
    class: "link",
    children: [date],
    attributes: { type: "button", title: "Show this state" },
  });
  time.addEventListener("click", () => select(revision));
  const note = createElement("span", { class: "revision-note", text: formatNote(revision) || "No note" });
  const parts: Node[] = [drawing, time, note];
  const rows = formatRowsWritten(revision);
  if (rows) parts.push(createElement("span", { class: "unit", text: rows }));
  if (head && heads > 1) parts.push(createElement("span", { class: "head", text: "head" }));
  if (head && heads === 1) parts.push(createElement("span", { class: "now", text: "now" }));
  else {
    const button = createElement("button", { text: "Restore", attributes: { type: "button" } });
    button.addEventListener("click", () => restore(revision));
    parts.push(button);
  }
  return createElement("li", { children: parts });
}

const SVG = "http://www.w3.org/2000/svg";

/** Draws the dot of a revision, and the lines to its neighbours, which stretch with the height of the item. */
function drawNode({ lane, above, below }: GraphNode, lanes: number, { head }: DetailedRevision): HTMLElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${lanes * LANE} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  const x = (at: number) => at * LANE + LANE / 2;
  const draw = (line: GraphLine, edge: 0 | 100) => {
    const [from, to, bend] = [x(line.lane), x(line.edge), (50 + edge) / 2];
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${from} 50C${from} ${bend} ${to} ${bend} ${to} ${edge}`);
    path.setAttribute("vector-effect", "non-scaling-stroke");
    svg.append(path);
  };
  for (const line of above) draw(line, 0);
  for (const line of below) draw(line, 100);
  const dot = createElement("i", { class: head ? "dot head-dot" : "dot" });
  dot.style.setProperty("left", `${x(lane)}px`);
  const graph = createElement("span", {
    class: "graph",
    children: [svg, dot],
    attributes: { "aria-hidden": "true" },
  });
  graph.style.setProperty("width", `${lanes * LANE}px`);
  return graph;
}
