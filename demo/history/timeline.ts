import type { Collection, RangeChange, Revision, RevisionDetails } from "lakota";
import type { Mark } from "../chart/picture.ts";
import { byId, make } from "../dom.ts";
import { counted, moment } from "../format.ts";
import { DAY } from "../range.ts";
import { toX } from "../times.ts";

/** The newest revisions; all of a long history would be a file to read each. */
const SHOWN = 30;
/** Changes that are listed; all are drawn. */
const LISTED = 20;

export interface TimelineEvents {
  /** Show what was there right before a revision; undefined: what is there now. */
  travel(before: Revision | undefined): void;
  /** Make an earlier state the current one. */
  back(revision: Revision): void;
  /** Parts of the x axis that differ between the state shown and now. */
  marks(marks: readonly Mark[]): void;
  failed(error: unknown): void;
}

type Entry = Revision & RevisionDetails;

/** A collection's history: a slider through it, what has changed since, and a list with ways back. */
export class Timeline {
  readonly #box = byId("history", HTMLDetailsElement);
  readonly #slider = byId("moment", HTMLInputElement);
  readonly #says = byId("moment-says", HTMLElement);
  readonly #changes = byId("changes", HTMLUListElement);
  readonly #list = byId("revisions", HTMLOListElement);
  readonly #events: TimelineEvents;
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  /** Oldest first. */
  #log: readonly Entry[] = [];
  /** Ends the comparison that another one has taken the place of. */
  #comparing = new AbortController();

  constructor(events: TimelineEvents) {
    this.#events = events;
    this.#box.addEventListener("toggle", () => void this.#refresh().catch(events.failed));
    this.#slider.addEventListener("input", () => this.#tell());
    this.#slider.addEventListener("change", () => this.#travel());
  }

  /** Unfolds it. */
  open(): void {
    this.#box.open = true;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  /** Goes back to now, without telling. */
  reset(): void {
    this.#comparing.abort();
    this.#slider.value = this.#slider.max;
    this.#changes.replaceChildren();
    this.#tell();
  }

  /** The history of a collection, and the series whose changes are of interest. Read only while it is unfolded. */
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
    const log = await collection.log({ limit: SHOWN, details: true });
    if (collection !== this.#collection) return;
    this.#log = log;
    this.#slider.max = String(Math.max(0, log.length - 1));
    this.#slider.disabled = log.length < 2;
    if (atEnd) this.#slider.value = this.#slider.max;
    this.#tell();
    const heads = log.filter(({ head }) => head).length;
    this.#list.replaceChildren(...[...log].reverse().map((revision) => this.#item(revision, heads)));
  }

  get #at(): number {
    return Number(this.#slider.value);
  }

  /** Says which moment the slider stands at. */
  #tell(): void {
    const revision = this.#log[this.#at];
    if (!revision) return;
    const now = this.#at === this.#log.length - 1;
    const text = now ? "Now" : `As it was after ${when(revision)}`;
    this.#says.textContent = [text, words(revision)].filter(Boolean).join(" · ");
    this.#slider.setAttribute("aria-valuetext", this.#says.textContent);
  }

  #travel(): void {
    this.#comparing.abort();
    this.#changes.replaceChildren();
    this.#events.marks([]);
    const next = this.#log[this.#at + 1];
    this.#events.travel(next);
    if (next) void this.#compare().catch(this.#events.failed);
  }

  /** What has changed since: drawn, and listed. */
  async #compare(): Promise<void> {
    const [collection, then, now] = [this.#collection, this.#log[this.#at], this.#log.at(-1)];
    if (!collection || !then || !now) return;
    this.#comparing = new AbortController();
    const { signal } = this.#comparing;
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
    const items = changes.slice(0, LISTED).map((change) => item(change, type));
    if (changes.length > LISTED) items.push(make("li", { text: `and ${changes.length - LISTED} more` }));
    if (changes.length === 0) items.push(make("li", { text: "Nothing has changed in these series since." }));
    this.#changes.replaceChildren(...items);
  }

  #item(revision: Entry, heads: number): HTMLLIElement {
    const { rows, head } = revision;
    const time = make("time", {
      text: when(revision),
      attributes: { datetime: revision.time.toISOString() },
    });
    const parts = [time, make("span", { class: "words", text: words(revision) || "No note" })];
    if (rows !== undefined) parts.push(make("span", { class: "unit", text: counted(rows, "row") }));
    if (head && heads === 1) parts.push(make("span", { class: "now", text: "now" }));
    else {
      const back = make("button", { text: "Back to this", attributes: { type: "button" } });
      back.addEventListener("click", () => this.#events.back(revision));
      parts.push(back);
    }
    return make("li", { children: parts });
  }
}

const when = ({ time }: Revision): string => time.toISOString().slice(0, 19).replace("T", " ");
const words = ({ note }: Entry): string => [note?.author, note?.message].filter(Boolean).join(": ");

const KINDS = { added: "added since", changed: "changed since", removed: "removed since" } as const;

function item({ label, kind, start, stop }: RangeChange, type: string): HTMLLIElement {
  const [from, to] = [start, stop].map(([value]) => {
    const x = toX(value!, type);
    return type.startsWith("datetime64") ? moment(x, x % DAY === 0 ? DAY : 0) : String(value);
  });
  const span = from === to ? from! : `${from} to ${to}`;
  return make("li", {
    children: [make("b", { class: kind, text: KINDS[kind] }), ` ${label}: ${span}`],
  });
}
