import { createElement } from "../page/dom.ts";
import { formatQuantity } from "../page/format.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { type GraphLine, type GraphNode, layOut } from "./graph.ts";

/** Distance of two lanes in CSS pixels. */
const LANE = 14;

export const formatRevisionTime = ({ time }: DetailedRevision): string =>
  time.toISOString().slice(0, 19).replace("T", " ");

export const formatNote = ({ note }: DetailedRevision): string =>
  [note?.author, note?.message].filter(Boolean).join(": ");

/** Returns the items of a list of revisions, newest first, with a drawing of how they were built on each other. */
export function revisionItems(
  newestFirst: readonly DetailedRevision[],
  restore: (revision: DetailedRevision) => void,
): HTMLLIElement[] {
  const heads = newestFirst.filter(({ head }) => head).length;
  const graph = layOut(newestFirst);
  const lanes =
    1 +
    Math.max(
      0,
      ...graph.flatMap(({ lane, above, below }) => [lane, ...[...above, ...below].map(({ edge }) => edge)]),
    );
  return newestFirst.map((revision, i) =>
    revisionItem(revision, heads, drawNode(graph[i]!, lanes, revision), restore),
  );
}

function revisionItem(
  revision: DetailedRevision,
  heads: number,
  drawing: HTMLElement,
  restore: (revision: DetailedRevision) => void,
): HTMLLIElement {
  const { rows, head } = revision;
  const time = createElement("time", {
    text: formatRevisionTime(revision),
    attributes: { datetime: revision.time.toISOString() },
  });
  const note = createElement("span", { class: "revision-note", text: formatNote(revision) || "No note" });
  const parts: Node[] = [drawing, time, note];
  if (rows !== undefined)
    parts.push(createElement("span", { class: "unit", text: formatQuantity(rows, "row") }));
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
