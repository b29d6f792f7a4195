import type { Collection, RangeChange } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { DAY } from "../data/range.ts";
import { toX } from "../data/x-values.ts";
import { byId, createElement } from "../page/dom.ts";
import { formatNumber, formatQuantity, formatTime } from "../page/format.ts";
import type { DetailedRevision, Page } from "../state/page-state.ts";
import { findConflicts, type HeadConflict, headsOf } from "./conflicts.ts";
import { formatNote, formatRevisionTime, revisionItems } from "./revision-list.ts";

/** Number of revisions shown, the newest ones: the details of each are a file to read. */
const MAX_REVISIONS = 30;
/** Number of changes listed; all are marked in the chart. */
const MAX_CHANGES = 20;

export interface TimelineEvents {
  /** The user selected the state before the revision with this id; undefined for the current state. */
  select(before: string | undefined): void;
  /** The user restores the state of a revision. */
  restore(revision: DetailedRevision): void;
  /** The user joins all heads. */
  merge(): void;
  /** The selected state differs from the current one in these parts of the x axis. */
  marks(marks: readonly ChangeMark[]): void;
  failed(error: unknown): void;
}

/**
 * A collection's history: a slider through its revisions, the changes since, and a list to restore one from.
 */
export class Timeline {
  readonly #box = byId("history", HTMLDetailsElement);
  readonly #slider = byId("moment", HTMLInputElement);
  readonly #status = byId("moment-status", HTMLElement);
  readonly #heads = byId("heads", HTMLElement);
  readonly #changes = byId("changes", HTMLUListElement);
  readonly #list = byId("revisions", HTMLOListElement);
  readonly #events: TimelineEvents;
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  #before: string | undefined;
  /** Revisions, oldest first. */
  #log: readonly DetailedRevision[] = [];
  /** Aborts the latest comparison. */
  #comparison = new AbortController();

  constructor(events: TimelineEvents) {
    this.#events = events;
    this.#box.addEventListener("toggle", () => void this.#refresh().catch(events.failed));
    this.#slider.addEventListener("input", () => this.#showStatus());
    this.#slider.addEventListener("change", () => events.select(this.#log[this.#position + 1]?.id));
  }

  open(): void {
    this.#box.open = true;
  }

  /**
   * Shows the history of what is shown. Changes are compared in its series. The history is read only while it is open,
   * or an earlier state is shown.
   */
  async show({ open, shown, target }: Page): Promise<void> {
    this.#box.hidden = !open || !shown;
    if (open?.collection !== this.#collection) this.#forget();
    if (!open || !shown) return;
    this.#collection = open.collection;
    this.#labels = target.series;
    this.#before = target.moment;
    if (target.moment !== undefined) this.open();
    await this.#refresh();
  }

  #forget(): void {
    this.#comparison.abort();
    this.#collection = undefined;
    this.#log = [];
    this.#changes.replaceChildren();
    this.#list.replaceChildren();
    this.#heads.hidden = true;
    this.#status.textContent = "";
  }

  async #refresh(): Promise<void> {
    const collection = this.#collection;
    if (!collection || !this.#box.open) return;
    this.#comparison.abort();
    this.#comparison = new AbortController();
    const { signal } = this.#comparison;
    try {
      const log = await collection.log({ limit: MAX_REVISIONS, details: true, signal });
      if (signal.aborted) return;
      this.#log = log;
      this.#slider.max = String(Math.max(0, log.length - 1));
      this.#slider.disabled = log.length < 2;
      const next = log.findIndex(({ id }) => id === this.#before);
      this.#slider.value = next > 0 ? String(next - 1) : this.#slider.max;
      this.#showStatus();
      this.#list.replaceChildren(...revisionItems([...log].reverse(), this.#events.restore));
      await Promise.all([this.#compare(collection, signal), this.#showHeads(collection, signal)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  get #position(): number {
    return Number(this.#slider.value);
  }

  /** Shows which state the slider selects. */
  #showStatus(): void {
    const revision = this.#log[this.#position];
    if (!revision) return;
    const isCurrent = this.#position === this.#log.length - 1;
    const text = isCurrent ? "Now" : `As it was after ${formatRevisionTime(revision)} UTC`;
    this.#status.textContent = [text, formatNote(revision)].filter(Boolean).join(" · ");
    this.#slider.setAttribute("aria-valuetext", this.#status.textContent);
  }

  /** Marks and lists the changes between the selected and the current state. */
  async #compare(collection: Collection, signal: AbortSignal): Promise<void> {
    const [then, now] = [this.#log[this.#position], this.#log.at(-1)];
    if (!then || !now || then === now) {
      this.#changes.replaceChildren();
      this.#events.marks([]);
      return;
    }
    const changes = await collection.diff(then, now, { labels: this.#labels, signal });
    if (signal.aborted) return;
    const type = indexType(collection);
    this.#events.marks(
      changes.map(({ kind, start, stop }) => ({ kind, range: [toX(start[0]!, type), toX(stop[0]!, type)] })),
    );
    const items = changes.slice(0, MAX_CHANGES).map((change) => changeItem(change, type));
    if (changes.length > MAX_CHANGES)
      items.push(createElement("li", { text: `and ${changes.length - MAX_CHANGES} more` }));
    if (changes.length === 0)
      items.push(createElement("li", { text: "These series have not changed since." }));
    this.#changes.replaceChildren(...items);
  }

  /** Says that there are several heads, which of their changes conflict, and offers to merge them. */
  async #showHeads(collection: Collection, signal: AbortSignal): Promise<void> {
    const heads = headsOf(this.#log);
    this.#heads.hidden = heads.length < 2;
    if (heads.length < 2) return;
    const conflicts = await findConflicts(collection, this.#log, signal);
    if (signal.aborted) return;
    const type = indexType(collection);
    const authors = heads.map((head) => head.note?.author ?? formatRevisionTime(head)).join(" and ");
    const [first] = conflicts;
    const text = first
      ? `${formatQuantity(heads.length, "head")}: ${authors} wrote without knowing of each other, and both changed ${formatConflict(first, type)}${conflicts.length > 1 ? ` and ${formatQuantity(conflicts.length - 1, "other range")}` : ""}. The later rows are shown.`
      : `${formatQuantity(heads.length, "head")}: ${authors} wrote without knowing of each other. Their changes do not overlap.`;
    const merge = createElement("button", { text: "Merge", attributes: { type: "button" } });
    merge.addEventListener("click", () => this.#events.merge());
    this.#heads.classList.toggle("conflict", first !== undefined);
    this.#heads.replaceChildren(createElement("span", { text }), merge);
  }
}

const indexType = ({ schema }: Collection): string => schema.index[0]?.dtype.name ?? "";

const KIND_LABELS = { added: "added since", changed: "changed since", removed: "removed since" } as const;

function changeItem({ label, kind, start, stop }: RangeChange, type: string): HTMLLIElement {
  return createElement("li", {
    children: [
      createElement("b", { class: kind, text: KIND_LABELS[kind] }),
      ` ${label}: ${formatSpan(start, stop, type)}`,
    ],
  });
}

const formatConflict = ({ label, start, stop }: HeadConflict, type: string): string =>
  `“${label}”, ${formatSpan(start, stop, type)}`;

function formatSpan(start: RangeChange["start"], stop: RangeChange["stop"], type: string): string {
  const [from = "the beginning", to = "the end"] = [start, stop].map(([value]) => {
    if (value === undefined) return undefined;
    const x = toX(value, type);
    if (type.startsWith("datetime64")) return formatTime(x, x % DAY === 0 ? DAY : 0);
    return typeof value === "string" ? value : formatNumber(Number(value));
  });
  return from === to ? from : `${from} to ${to}`;
}
