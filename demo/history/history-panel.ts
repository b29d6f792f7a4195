import type { Collection, Series } from "lakota";
import { byId } from "../page/dom.ts";
import { errorText } from "../page/error-text.ts";
import { momentAfter, positionOf } from "../state/moment.ts";
import type { DetailedRevision, Page } from "../state/page-state.ts";
import { comparedMoment, NO_TARGET, type Target } from "../state/target.ts";
import { Comparison, type ComparisonEvents } from "./comparison.ts";
import { HeadsBanner } from "./heads-banner.ts";
import { HistoryActions } from "./history-actions.ts";
import { MomentStatus } from "./moment-status.ts";
import { RevisionBox } from "./revision-list.ts";
import { RevisionLog } from "./revision-log.ts";
import { Track } from "./track.ts";

export interface HistoryEvents extends ComparisonEvents {
  /** The user selected another state, another one to compare it with, or whether both are drawn. */
  show(parts: Pick<Target, "moment" | "compare" | "overlay">): void;
  /** The user restores the state of a revision. */
  restore(revision: DetailedRevision): void;
  /** The user reverts what a revision changed. @param revisions the history, oldest first */
  revert(collection: Collection, revisions: readonly DetailedRevision[], revision: DetailedRevision): void;
  /** The user joins all heads. */
  merge(): void;
}

/**
 * The history of a collection: its revisions on a track above the chart, a state selected among them, and what differs
 * between it and another. It is read after the chart is drawn.
 */
export class HistoryPanel {
  readonly #box = byId("history");
  readonly #status = new MomentStatus();
  readonly #track = new Track({
    moved: (position) => this.#showStatus(position),
    selected: (position) => this.#select(position),
  });
  readonly #actions: HistoryActions;
  readonly #heads: HeadsBanner;
  readonly #comparison: Comparison;
  readonly #list: RevisionBox;
  readonly #events: HistoryEvents;
  readonly #log = new RevisionLog();
  #collection: Collection | undefined;
  /** Of what was shown last: another read has made others. */
  #series: readonly Series[] | undefined;
  #target: Target = NO_TARGET;
  /** Aborts the latest reads. */
  #reading = new AbortController();

  constructor(events: HistoryEvents) {
    this.#events = events;
    this.#comparison = new Comparison(events);
    this.#heads = new HeadsBanner(() => events.merge());
    this.#list = new RevisionBox({
      opened: () => this.#log.wantDetails() && void this.#refresh(),
      older: () => this.#log.wantOlder() && void this.#refresh(),
      restore: (revision) => events.restore(revision),
      select: (revision) => this.#select(this.#log.revisions.indexOf(revision)),
    });
    this.#actions = new HistoryActions({
      compare: (moment) => this.#show({ compare: moment, overlay: true }),
      overlay: (overlay) => this.#show({ overlay }),
      revert: () => {
        const revision = this.#selectedRevision;
        if (this.#collection && revision) events.revert(this.#collection, this.#log.revisions, revision);
      },
      restore: () => {
        const revision = this.#selectedRevision;
        if (revision) events.restore(revision);
      },
      toNow: () => this.#show({ moment: undefined, compare: undefined, overlay: true }),
    });
  }

  /** The moment that a link to the selected state names, whatever is written later; undefined without a state. */
  get selectedMoment(): string | undefined {
    const revision = this.#selectedRevision;
    return revision && (this.#target.moment ?? momentAfter(revision));
  }

  /**
   * Shows the history of what is shown, once the store has confirmed that: listing the revisions earlier would compete
   * with it. Its place is free from the start, so that the chart does not move.
   */
  show({ open, shown, target, busy, confirmation }: Page): void {
    this.#box.hidden = !shown && !busy;
    if (open?.collection !== this.#collection || (!shown && !busy)) this.#forget();
    // Nothing of other series stays below their chart.
    if (!shown) this.#comparison.hide();
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
    this.#log.clear();
    this.#comparison.hide();
    this.#track.clear();
    this.#actions.hide();
    this.#heads.hide();
    this.#list.clear();
    this.#status.say("");
    this.#box.classList.remove("single");
  }

  get #selected(): number {
    return positionOf(this.#log.revisions, this.#target.moment);
  }

  get #selectedRevision(): DetailedRevision | undefined {
    return this.#log.revisions[this.#selected];
  }

  /** The revision that the selected one is compared with; undefined if none is. */
  get #compared(): number | undefined {
    const compared = comparedMoment(this.#target);
    return compared && positionOf(this.#log.revisions, compared.before);
  }

  #show(parts: Partial<Pick<Target, "moment" | "compare" | "overlay">>): void {
    const { moment, compare, overlay } = this.#target;
    this.#events.show({ moment, compare, overlay, ...parts });
  }

  #select(position: number): void {
    const { revisions } = this.#log;
    const revision = revisions[position];
    if (!revision) return;
    const isLast = position === revisions.length - 1;
    const moment = isLast ? undefined : momentAfter(revision);
    // A state is not compared with itself.
    const { compare } = this.#target;
    const isSame = compare !== undefined && positionOf(revisions, compare) === position;
    const parts = { moment, ...(isSame && { compare: undefined }) };
    // What is still being read of the former state must not move the slider back.
    this.#reading.abort();
    this.#target = { ...this.#target, ...parts };
    this.#show(parts);
  }

  async #refresh(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    try {
      await this.#log.read(collection, signal);
      if (signal.aborted) return;
      this.#draw();
      await Promise.all([
        this.#readDetails(collection, signal),
        this.#compare(collection, signal),
        this.#heads.show(collection, this.#log.revisions, signal),
      ]);
      if (!signal.aborted) this.#draw();
    } catch (error) {
      if (signal.aborted) return;
      this.#status.say(`The history could not be read: ${errorText(error).detail}`);
    }
  }

  async #readDetails(collection: Collection, signal: AbortSignal): Promise<void> {
    if (await this.#log.readDetails(collection, this.#selected, signal)) this.#draw();
  }

  async #compare(collection: Collection, signal: AbortSignal): Promise<void> {
    const [selected, compared] = [this.#selected, this.#compared];
    if (compared === undefined || compared === selected) return this.#comparison.clear();
    const { series } = this.#target;
    const { revisions } = this.#log;
    await this.#comparison.show(collection, { series, revisions, positions: [selected, compared] }, signal);
  }

  #draw(): void {
    const { moment, overlay } = this.#target;
    const { revisions, hasOlder } = this.#log;
    const selected = this.#selected;
    this.#track.show({
      revisions,
      selected,
      compared: this.#compared,
      conflict: this.#heads.hasConflict,
    });
    this.#box.classList.toggle("earlier", moment !== undefined);
    this.#box.classList.toggle("single", revisions.length === 1);
    this.#showStatus(selected);
    this.#actions.show({ revisions, selected, moment, compared: comparedMoment(this.#target), overlay });
    this.#list.show(revisions, hasOlder);
  }

  /** Says which state the slider selects. */
  #showStatus(position: number): void {
    const { revisions } = this.#log;
    const revision = revisions[position];
    if (!revision) return;
    const isNow = position === revisions.length - 1;
    this.#track.describe(this.#status.show(revision, { isNow, isOnly: revisions.length === 1 }));
  }
}
