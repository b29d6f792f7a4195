import type { Collection, Series } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { byId, createElement } from "../page/dom.ts";
import { errorText } from "../page/error-text.ts";
import { momentAfter, positionOf } from "../state/moment.ts";
import type { DetailedRevision, Page } from "../state/page-state.ts";
import { comparedMoment, NO_TARGET, type Target } from "../state/target.ts";
import { ChangesPanel } from "./changes-panel.ts";
import { compareStates, type State } from "./compare-states.ts";
import { HeadsBanner } from "./heads-banner.ts";
import { HistoryActions } from "./history-actions.ts";
import { RevisionBox } from "./revision-list.ts";
import { formatRevisionTime, formatRowsWritten } from "./revision-text.ts";
import { Track } from "./track.ts";

/** Revisions that are drawn at first, the newest ones. A listing has them all. */
const FIRST_REVISIONS = 200;
/** Revisions whose notes are read at first: the details of each are a file to read. */
const FIRST_DETAILS = 24;

export interface HistoryEvents {
  /** The user selected another state, another one to compare it with, or whether both are drawn. */
  show(parts: Pick<Target, "moment" | "compare" | "overlay">): void;
  /** The user restores the state of a revision. */
  restore(revision: DetailedRevision): void;
  /** The user reverts what a revision changed. @param revisions the history, oldest first */
  revert(collection: Collection, revisions: readonly DetailedRevision[], revision: DetailedRevision): void;
  /** The user joins all heads. */
  merge(): void;
  /** The user wants a link to the state before a moment. */
  copyLink(moment: string): void;
  /** The user wants to see a place on the x axis. */
  zoom(x: number): void;
  /** The compared states differ in these parts of the x axis. */
  marks(marks: readonly ChangeMark[]): void;
}

/**
 * The history of a collection: its revisions on a track above the chart, a state selected among them, and what differs
 * between it and another. It is read after the chart is drawn.
 */
export class HistoryPanel {
  readonly #box = byId("history");
  readonly #status = byId("moment-status");
  readonly #track = new Track({
    moved: (position) => this.#showStatus(position),
    selected: (position) => this.#select(position),
  });
  readonly #actions: HistoryActions;
  readonly #heads: HeadsBanner;
  readonly #changes: ChangesPanel;
  readonly #list: RevisionBox;
  readonly #events: HistoryEvents;
  #collection: Collection | undefined;
  /** Of what was shown last: another read has made others. */
  #series: readonly Series[] | undefined;
  #target: Target = NO_TARGET;
  /** Revisions, oldest first. The newest ones have details. */
  #log: readonly DetailedRevision[] = [];
  #limit = FIRST_REVISIONS;
  #detailed = FIRST_DETAILS;
  /** What {@link #changes} shows: it is not read again for another picture of the same. */
  #compared = "";
  /** Aborts the latest reads. */
  #reading = new AbortController();

  constructor(events: HistoryEvents) {
    this.#events = events;
    this.#changes = new ChangesPanel((x) => events.zoom(x));
    this.#heads = new HeadsBanner(() => events.merge());
    this.#list = new RevisionBox({
      opened: () => this.#readMore(this.#limit, this.#limit),
      older: () => this.#readMore(2 * this.#limit, 2 * this.#limit),
      restore: (revision) => events.restore(revision),
      select: (revision) => this.#select(this.#log.indexOf(revision)),
    });
    this.#actions = new HistoryActions({
      compare: (moment) => this.#show({ compare: moment, overlay: true }),
      overlay: (overlay) => this.#show({ overlay }),
      revert: () => {
        const revision = this.#log[this.#selected];
        if (this.#collection && revision) events.revert(this.#collection, this.#log, revision);
      },
      restore: () => {
        const revision = this.#log[this.#selected];
        if (revision) events.restore(revision);
      },
      copyLink: () => {
        const revision = this.#log[this.#selected];
        if (revision) events.copyLink(this.#target.moment ?? momentAfter(revision));
      },
      toNow: () => this.#show({ moment: undefined, compare: undefined, overlay: true }),
    });
  }

  /**
   * Shows the history of what is shown, once the store has confirmed that: listing the revisions earlier would compete
   * with it. Its place is free from the start, so that the chart does not move.
   */
  show({ open, shown, target, busy, confirmation }: Page): void {
    this.#box.hidden = !shown && !busy;
    if (open?.collection !== this.#collection || (!shown && !busy)) this.#forget();
    // Nothing of other series stays below their chart.
    if (!shown) this.#hideChanges();
    const isAnswered = confirmation === "confirmed" || confirmation === "failed";
    if (!open || !shown || !isAnswered || shown.series === this.#series) return;
    this.#series = shown.series;
    this.#collection = open.collection;
    this.#target = target;
    void this.#refresh();
  }

  #forget(): void {
    this.#reading.abort();
    this.#collection = undefined;
    this.#series = undefined;
    this.#log = [];
    this.#limit = FIRST_REVISIONS;
    this.#detailed = FIRST_DETAILS;
    this.#hideChanges();
    this.#track.clear();
    this.#actions.hide();
    this.#heads.hide();
    this.#list.clear();
    this.#status.textContent = "";
  }

  #hideChanges(): void {
    this.#compared = "";
    this.#changes.hide();
  }

  get #selected(): number {
    return positionOf(this.#log, this.#target.moment);
  }

  #show(parts: Partial<Pick<Target, "moment" | "compare" | "overlay">>): void {
    const { moment, compare, overlay } = this.#target;
    this.#events.show({ moment, compare, overlay, ...parts });
  }

  #select(position: number): void {
    const revision = this.#log[position];
    if (!revision) return;
    const isLast = position === this.#log.length - 1;
    const moment = isLast ? undefined : momentAfter(revision);
    // A state is not compared with itself.
    const { compare } = this.#target;
    const isSame = compare !== undefined && positionOf(this.#log, compare) === position;
    const parts = { moment, ...(isSame && { compare: undefined }) };
    // What is still being read of the former state must not move the slider back.
    this.#reading.abort();
    this.#target = { ...this.#target, ...parts };
    this.#show(parts);
  }

  #readMore(limit: number, detailed: number): void {
    if (limit <= this.#limit && detailed <= this.#detailed) return;
    this.#limit = limit;
    this.#detailed = detailed;
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    try {
      const revisions = await collection.log({ limit: this.#limit, signal });
      if (signal.aborted) return;
      const known = new Map(this.#log.map((revision) => [revision.id, revision]));
      // What is known of older revisions stays; only whether they are heads may be new.
      this.#log = revisions.map((revision) => ({ ...known.get(revision.id), ...revision }));
      this.#draw();
      await Promise.all([
        this.#readDetails(collection, signal),
        this.#compare(collection, signal),
        this.#heads.show(collection, this.#log, signal),
      ]);
      if (!signal.aborted) this.#draw();
    } catch (error) {
      if (signal.aborted) return;
      this.#status.textContent = `The history could not be read: ${errorText(error).detail}`;
    }
  }

  async #readDetails(collection: Collection, signal: AbortSignal): Promise<void> {
    const wanted = Math.max(this.#detailed, this.#log.length - this.#selected);
    const newest = this.#log.slice(-wanted);
    if (newest.every(({ rows, note }) => rows !== undefined || note !== undefined)) return;
    const detailed = await collection.log({ limit: wanted, details: true, signal });
    if (signal.aborted) return;
    const byId = new Map(detailed.map((revision) => [revision.id, revision]));
    this.#log = this.#log.map((revision) => byId.get(revision.id) ?? revision);
    this.#draw();
  }

  #draw(): void {
    const { moment, overlay } = this.#target;
    const compared = comparedMoment(this.#target);
    this.#track.show({
      revisions: this.#log,
      selected: this.#selected,
      compared: compared && positionOf(this.#log, compared.before),
      conflict: this.#heads.hasConflict,
    });
    this.#box.classList.toggle("earlier", moment !== undefined);
    this.#showStatus(this.#selected);
    this.#actions.show({
      revisions: this.#log,
      selected: this.#selected,
      moment,
      compared,
      overlay,
    });
    this.#list.show(this.#log, this.#log.length === this.#limit);
  }

  /** Says which state the slider selects. */
  #showStatus(position: number): void {
    const revision = this.#log[position];
    if (!revision) return;
    const isNow = position === this.#log.length - 1;
    const time = `${formatRevisionTime(revision)} UTC`;
    const { author, message } = revision.note ?? {};
    const parts: (Node | string)[] = [
      createElement("b", { text: isNow ? "Now" : `As of ${time}` }),
      ...(isNow ? [` · ${time}`] : []),
      ...(author ? [" · ", createElement("b", { text: author })] : []),
      ...[message, formatRowsWritten(revision)].filter(Boolean).map((text) => ` · ${text}`),
    ];
    this.#status.replaceChildren(...parts);
    this.#status.title = this.#status.textContent ?? "";
    this.#track.describe(this.#status.title);
  }

  /** Marks and lists the changes between the two states, from the earlier to the later one. */
  async #compare(collection: Collection, signal: AbortSignal): Promise<void> {
    const compared = comparedMoment(this.#target);
    const places = compared && [this.#selected, positionOf(this.#log, compared.before)].sort((a, b) => a - b);
    const [from, to] = places ?? [];
    if (from === undefined || to === undefined || from === to) {
      this.#hideChanges();
      this.#events.marks([]);
      return;
    }
    const states = [this.#stateAt(from), this.#stateAt(to)] as const;
    const { series } = this.#target;
    const content = JSON.stringify([series, from, to, this.#log.map(({ id }) => id)]);
    if (content === this.#compared) return;
    this.#compared = "";
    this.#changes.begin(`What changed ${this.#nameState(from, "from")} ${this.#nameState(to, "to")}`);
    try {
      const comparison = await compareStates(collection, series, states, signal);
      if (signal.aborted) return;
      this.#compared = content;
      this.#events.marks(comparison.marks);
      this.#changes.show(collection, comparison, series.length);
    } catch (error) {
      if (!signal.aborted) this.#changes.fail(`These states cannot be compared: ${errorText(error).detail}`);
    }
  }

  #nameState(position: number, preposition: string): string {
    const isNow = position === this.#log.length - 1;
    return isNow ? `${preposition} now` : `${preposition} ${formatRevisionTime(this.#log[position]!)}`;
  }

  #stateAt(position: number): State {
    const until = this.#log.slice(0, position + 1);
    const built = new Set(until.flatMap(({ parents }) => parents));
    const isLast = position === this.#log.length - 1;
    return {
      heads: until.filter(({ id }) => !built.has(id)),
      before: isLast ? undefined : momentAfter(this.#log[position]!),
    };
  }
}
