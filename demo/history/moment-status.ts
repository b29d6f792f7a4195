import { byId, createElement } from "../page/dom.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { formatRevisionTime, formatRowsWritten } from "./revision-text.ts";

/** The line that says which state is shown, and what its revision did. */
export class MomentStatus {
  readonly #element = byId("moment-status");

  /** Returns what it says. `isNow` is true for the current state. */
  show(revision: DetailedRevision, { isNow, isOnly }: { isNow: boolean; isOnly: boolean }): string {
    const time = `${formatRevisionTime(revision)} UTC`;
    const { author, message } = revision.note ?? {};
    const parts: (Node | string)[] = [
      createElement("b", { text: isNow ? "Now" : `As of ${time}` }),
      ...(isOnly ? [" · one revision so far"] : []),
      ...(isNow ? [` · ${time}`] : []),
      ...(author ? [" · ", createElement("b", { text: author })] : []),
      ...[message, formatRowsWritten(revision)].filter(Boolean).map((text) => ` · ${text}`),
    ];
    this.#element.replaceChildren(...parts);
    this.#element.title = this.#element.textContent;
    return this.#element.textContent;
  }

  say(text: string): void {
    this.#element.textContent = text;
    this.#element.title = text;
  }
}
