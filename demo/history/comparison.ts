import type { Collection } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { errorText } from "../page/error-text.ts";
import { momentAfter } from "../state/moment.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { ChangesPanel } from "./changes-panel.ts";
import { compareStates, type State } from "./compare-states.ts";
import { formatRevisionTime } from "./revision-text.ts";

export interface ComparisonEvents {
  /** The user wants to see a place on the x axis. */
  zoom(x: number): void;
  /** The compared states differ in these parts of the x axis. */
  marks(marks: readonly ChangeMark[]): void;
}

/** Two states to compare: each is the one after a revision. */
export interface ComparedStates {
  /** Labels of the series to compare. */
  series: readonly string[];
  /** The history, oldest first. */
  revisions: readonly DetailedRevision[];
  /** Positions of two revisions. */
  positions: readonly [number, number];
}

/** What differs between two states of some series, from the earlier to the later one: marked in the chart, and listed. */
export class Comparison {
  readonly #changes: ChangesPanel;
  readonly #events: ComparisonEvents;
  /** What is shown: it is not read again for another picture of the same. */
  #content = "";

  constructor(events: ComparisonEvents) {
    this.#events = events;
    this.#changes = new ChangesPanel((x) => events.zoom(x));
  }

  hide(): void {
    this.#content = "";
    this.#changes.hide();
  }

  /** Shows that nothing is compared. */
  clear(): void {
    this.hide();
    this.#events.marks([]);
  }

  async show(
    collection: Collection,
    { series, revisions, positions }: ComparedStates,
    signal: AbortSignal,
  ): Promise<void> {
    const [from, to] = [Math.min(...positions), Math.max(...positions)];
    const content = JSON.stringify([series, from, to, revisions.map(({ id }) => id)]);
    if (content === this.#content) return;
    this.#content = "";
    this.#changes.begin(`What changed from ${nameState(revisions, from)} to ${nameState(revisions, to)}`);
    try {
      const states = [stateAt(revisions, from), stateAt(revisions, to)] as const;
      const comparison = await compareStates(collection, series, states, signal);
      if (signal.aborted) return;
      this.#content = content;
      this.#events.marks(comparison.marks);
      this.#changes.show(collection, comparison, series.length);
    } catch (error) {
      if (!signal.aborted) this.#changes.fail(`These states cannot be compared: ${errorText(error).detail}`);
    }
  }
}

const nameState = (revisions: readonly DetailedRevision[], position: number): string =>
  position === revisions.length - 1 ? "now" : formatRevisionTime(revisions[position]!);

function stateAt(revisions: readonly DetailedRevision[], position: number): State {
  const until = revisions.slice(0, position + 1);
  const built = new Set(until.flatMap(({ parents }) => parents));
  const isLast = position === revisions.length - 1;
  return {
    heads: until.filter(({ id }) => !built.has(id)),
    before: isLast ? undefined : momentAfter(revisions[position]!),
  };
}
