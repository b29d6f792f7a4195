import { createElement, elementsById } from "../page/dom.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { headsOf } from "./conflicts.ts";
import { type GraphLine, layOut } from "./graph.ts";
import { formatNote, formatRevisionTime, formatRowsWritten } from "./revision-text.ts";

/** Height of the drawing in CSS pixels, without its margins. */
const HEIGHT = 24;
/** Largest distance of two lanes in CSS pixels. */
const LANE = 12;
/** Width of one revision in the drawing's own units. */
const UNIT = 100;
/** With more revisions than this, dots are small. */
const DENSE = 60;

export interface TrackEvents {
  /** The slider is at a revision, but was not released. */
  moved(position: number): void;
  /** The user selected a revision. */
  selected(position: number): void;
}

/** What the track shows. */
export interface TrackContent {
  /** Oldest first. */
  revisions: readonly DetailedRevision[];
  selected: number;
  /** The revision that it is compared with. */
  compared: number | undefined;
  /** Whether several heads have changed the same rows. */
  conflict: boolean;
}

/**
 * The revisions as dots from left to right, with the lines between them and a slider on the same axis. The card of a
 * revision is shown below the mouse, and while the slider moves.
 */
export class Track {
  readonly #parts = elementsById({ track: "*", trackDrawing: "*", moment: "input", trackCard: "*" });
  #revisions: readonly DetailedRevision[] = [];

  constructor({ moved, selected }: TrackEvents) {
    this.#parts.moment.addEventListener("input", () => moved(this.position));
    this.#parts.moment.addEventListener("change", () => selected(this.position));
    this.#parts.track.addEventListener("pointermove", ({ clientX, pointerType }) => {
      if (pointerType === "mouse") this.#showCard(this.#positionAt(clientX));
    });
    this.#parts.track.addEventListener("pointerleave", () => this.#showCard(undefined));
  }

  get position(): number {
    return Number(this.#parts.moment.value);
  }

  show(content: TrackContent): void {
    const { revisions, selected } = content;
    this.#revisions = revisions;
    this.#parts.moment.max = String(Math.max(0, revisions.length - 1));
    this.#parts.moment.value = String(selected);
    this.#parts.moment.disabled = revisions.length < 2;
    this.#parts.trackDrawing.replaceChildren(...(revisions.length > 0 ? draw(content) : []));
    this.#showCard(undefined);
  }

  /** What a screen reader reads as the slider's value. */
  describe(text: string): void {
    this.#parts.moment.setAttribute("aria-valuetext", text);
  }

  clear(): void {
    this.show({ revisions: [], selected: 0, compared: undefined, conflict: false });
    this.describe("");
  }

  #positionAt(clientX: number): number {
    const { left, width } = this.#parts.trackDrawing.getBoundingClientRect();
    const last = this.#revisions.length - 1;
    return Math.max(0, Math.min(last, Math.round(((clientX - left) / width) * last)));
  }

  #showCard(position: number | undefined): void {
    const revision = position === undefined ? undefined : this.#revisions[position];
    this.#parts.trackCard.hidden = !revision;
    if (!revision || position === undefined) return;
    const part = placeOf(position, this.#revisions.length);
    this.#parts.trackCard.style.setProperty("--at", `${100 * part}%`);
    this.#parts.trackCard.style.setProperty("--shift", `${-100 * part}%`);
    this.#parts.trackCard.replaceChildren(
      createElement("b", { text: `${formatRevisionTime(revision)} UTC` }),
      createElement("span", { text: formatNote(revision) || "No note" }),
      createElement("span", { class: "unit", text: formatRowsWritten(revision) }),
    );
  }
}

/** Returns the place of a revision from 0 to 1. A single one is at the right end, where the newest are. */
const placeOf = (position: number, count: number): number => (count < 2 ? 1 : position / (count - 1));

const SVG = "http://www.w3.org/2000/svg";

/** Draws the lines between the revisions, which stretch with the page, and their dots. */
function draw({ revisions, selected, compared, conflict }: TrackContent): Element[] {
  const nodes = layOut([...revisions].reverse()).reverse();
  const last = revisions.length - 1;
  const lanes = Math.max(...nodes.flatMap(({ lane, above }) => [lane, ...above.map(({ edge }) => edge)]));
  const distance = Math.min(LANE, HEIGHT / Math.max(1, lanes));
  const y = (lane: number) => HEIGHT / 2 + (lane - lanes / 2) * distance;

  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, last) * UNIT} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  /** @param direction 1 towards newer revisions, -1 towards older ones */
  const line = ({ lane, edge }: GraphLine, position: number, direction: 1 | -1) => {
    const [from, to] = [position * UNIT, (position + direction / 2) * UNIT];
    const bend = (from + to) / 2;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${from} ${y(lane)}C${bend} ${y(lane)} ${bend} ${y(edge)} ${to} ${y(edge)}`);
    path.setAttribute("vector-effect", "non-scaling-stroke");
    svg.append(path);
  };
  nodes.forEach(({ above, below }, position) => {
    for (const each of above) line(each, position, 1);
    for (const each of below) line(each, position, -1);
  });

  const heads = headsOf(revisions).length;
  const dots = nodes.map(({ lane }, position) => {
    const { head } = revisions[position]!;
    const kinds = {
      dense: revisions.length > DENSE,
      head,
      conflict: head && heads > 1 && conflict,
      selected: position === selected,
      compared: position === compared,
    };
    const dot = createElement("i", {
      class: Object.entries(kinds)
        .filter(([, is]) => is)
        .map(([name]) => name)
        .join(" "),
    });
    dot.style.left = `${100 * placeOf(position, revisions.length)}%`;
    dot.style.top = `${y(lane)}px`;
    return dot;
  });
  return [svg, ...dots];
}
