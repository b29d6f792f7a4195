import type { Collection } from "lakota";
import { byId, createElement } from "../page/dom.ts";
import { formatCount, formatQuantity } from "../page/format.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { findConflicts, headsOf } from "./conflicts.ts";
import { formatSpan } from "./format-value.ts";
import { formatRevisionTime } from "./revision-text.ts";

/** Says that there are several heads, which of their changes conflict, and offers to merge them. */
export class HeadsBanner {
  readonly #box = byId("heads");
  readonly #merge: () => void;
  /** Whether several heads have changed the same rows. */
  hasConflict = false;

  constructor(merge: () => void) {
    this.#merge = merge;
  }

  hide(): void {
    this.#box.hidden = true;
    this.hasConflict = false;
  }

  async show(collection: Collection, log: readonly DetailedRevision[], signal: AbortSignal): Promise<void> {
    const count = headsOf(log).length;
    if (count < 2) return this.hide();
    const [conflicts, detailed] = await Promise.all([
      findConflicts(collection, log, signal),
      collection.log({ limit: log.length - log.findIndex(({ head }) => head), details: true, signal }),
    ]);
    if (signal.aborted) return;
    const type = collection.schema.index[0]?.dtype.name ?? "";
    const authors = headsOf(detailed)
      .map((head) => head.note?.author ?? formatRevisionTime(head))
      .join(" and ");
    const [first] = conflicts;
    const others = conflicts.length > 1 ? ` and ${formatQuantity(conflicts.length - 1, "other range")}` : "";
    const text = first
      ? `${formatCount(count)} unmerged revisions: ${authors} wrote without knowing of each other, and both changed “${first.label}”, ${formatSpan(first, type)}${others}. The later rows are shown.`
      : `${formatCount(count)} unmerged revisions: ${authors} wrote without knowing of each other. Their changes do not overlap.`;
    const merge = createElement("button", { text: "Merge", attributes: { type: "button" } });
    merge.addEventListener("click", () => this.#merge());
    this.hasConflict = first !== undefined;
    this.#box.classList.toggle("conflict", this.hasConflict);
    this.#box.replaceChildren(createElement("span", { text }), merge);
    this.#box.hidden = false;
  }
}
