import type { Collection, RangeChange, Revision, RevisionDetails } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { DAY } from "../data/range.ts";
import { toX } from "../data/x-values.ts";
import { byId, createElement } from "../page/dom.ts";
import { formatQuantity, formatTime } from "../page/format.ts";

/** Number of revisions shown, the newest ones: the details of each are a file to read. */
const MAX_REVISIONS = 30;
/** Number of changes listed; all are marked in the chart. */
const MAX_CHANGES = 20;

export interface TimelineEvents {
  /** The user selected the state before a revision; undefined for the current state. */
  select(before: Revision | undefined): void;
  /** The user restores the state of a revision. */
  restore(revision: Revision): void;
  /** The selected state differs from the current one in these parts of the x axis. */
  marks(marks: readonly ChangeMark[]): void;
  failed(error: unknown): void;
}

type DetailedRevision = Revision & RevisionDetails;

/**
 * A collection's history: a slider through its revisions, the changes since, and a list to restore one from.
 */
export class Timeline {
  readonly #box = byId("history", HTMLDetailsElement);
  readonly #slider = byId("moment", HTMLInputElement);
  readonly #status = byId("moment-status", HTMLElement);
  readonly #changes = byId("changes", HTMLUListElement);
  readonly #list = byId("revisions", HTMLOListElement);
  readonly #events: TimelineEvents;
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  /** Revisions, oldest first. */
  #log: readonly DetailedRevision[] = [];
  /** Aborts the latest comparison. */
  #comparison = new AbortController();

  constructor(events: TimelineEvents) {
    this.#events = events;
    this.#box.addEventListener("toggle", () => void this.#refresh().catch(events.failed));
    this.#slider.addEventListener("input", () => this.#showStatus());
    this.#slider.addEventListener("change", () => this.#select());
  }

  open(): void {
    this.#box.open = true;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  /** Selects the current state, without an event. */
  reset(): void {
    this.#comparison.abort();
    this.#slider.value = this.#slider.max;
    this.#changes.replaceChildren();
    this.#showStatus();
  }

  /**
   * Shows the history of a collection. Changes are compared in the series `labels`. It is read only while
   * open.
   */
  async show(collection: Collection, labels: readonly string[]): Promise<void> {
    this.#box.hidden = false;
    this.#collection = collection;
    this.#labels = labels;
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const collection = this.#collection;
    if (!collection || !this.#box.open) return;
    const atEnd = this.#slider.value === this.#slider.max;
    const log = await collection.log({ limit: MAX_REVISIONS, details: true });
    if (collection !== this.#collection) return;
    this.#log = log;
    this.#slider.max = String(Math.max(0, log.length - 1));
    this.#slider.disabled = log.length < 2;
    if (atEnd) this.#slider.value = this.#slider.max;
    this.#showStatus();
    const heads = log.filter(({ head }) => head).length;
    this.#list.replaceChildren(...[...log].reverse().map((revision) => this.#revisionItem(revision, heads)));
  }

  get #position(): number {
    return Number(this.#slider.value);
  }

  /** Shows which state the slider selects. */
  #showStatus(): void {
    const revision = this.#log[this.#position];
    if (!revision) return;
    const isCurrent = this.#position === this.#log.length - 1;
    const text = isCurrent ? "Now" : `As it was after ${formatRevisionTime(revision)}`;
    this.#status.textContent = [text, formatNote(revision)].filter(Boolean).join(" · ");
    this.#slider.setAttribute("aria-valuetext", this.#status.textContent);
  }

  #select(): void {
    this.#comparison.abort();
    this.#changes.replaceChildren();
    this.#events.marks([]);
    const next = this.#log[this.#position + 1];
    this.#events.select(next);
    if (next) void this.#compare().catch(this.#events.failed);
  }

  /** Marks and lists the changes between the selected and the current state. */
  async #compare(): Promise<void> {
    const [collection, then, now] = [this.#collection, this.#log[this.#position], this.#log.at(-1)];
    if (!collection || !then || !now) return;
    this.#comparison = new AbortController();
    const { signal } = this.#comparison;
    const changes = await collection
      .diff(then, now, { labels: this.#labels, signal })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    if (!changes || signal.aborted) return;
    const [axis] = collection.schema.index;
    const type = axis?.dtype.name ?? "";
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

  #revisionItem(revision: DetailedRevision, heads: number): HTMLLIElement {
    const { rows, head } = revision;
    const time = createElement("time", {
      text: formatRevisionTime(revision),
      attributes: { datetime: revision.time.toISOString() },
    });
    const parts = [
      time,
      createElement("span", { class: "revision-note", text: formatNote(revision) || "No note" }),
    ];
    if (rows !== undefined)
      parts.push(createElement("span", { class: "unit", text: formatQuantity(rows, "row") }));
    if (head && heads === 1) parts.push(createElement("span", { class: "now", text: "now" }));
    else {
      const restore = createElement("button", { text: "Restore", attributes: { type: "button" } });
      restore.addEventListener("click", () => this.#events.restore(revision));
      parts.push(restore);
    }
    return createElement("li", { children: parts });
  }
}

const formatRevisionTime = ({ time }: Revision): string => time.toISOString().slice(0, 19).replace("T", " ");
const formatNote = ({ note }: DetailedRevision): string =>
  [note?.author, note?.message].filter(Boolean).join(": ");

const KIND_LABELS = { added: "added since", changed: "changed since", removed: "removed since" } as const;

function changeItem({ label, kind, start, stop }: RangeChange, type: string): HTMLLIElement {
  const [from, to] = [start, stop].map(([value]) => {
    const x = toX(value!, type);
    return type.startsWith("datetime64") ? formatTime(x, x % DAY === 0 ? DAY : 0) : String(value);
  });
  const span = from === to ? from! : `${from} to ${to}`;
  return createElement("li", {
    children: [createElement("b", { class: kind, text: KIND_LABELS[kind] }), ` ${label}: ${span}`],
  });
}
