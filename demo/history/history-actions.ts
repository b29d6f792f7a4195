import { createElement, elementsById } from "../page/dom.ts";
import { momentAfter, positionOf } from "../state/moment.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { formatNote, formatRevisionTime } from "./revision-text.ts";

export interface ActionEvents {
  /** The user compares with the state before a moment; undefined for the current state. */
  compare(moment: string | undefined): void;
  /** Whether the compared state is drawn, too. */
  overlay(on: boolean): void;
  revert(): void;
  restore(): void;
  toNow(): void;
}

/** What the actions are about. */
export interface ActionContent {
  /** Oldest first. */
  revisions: readonly DetailedRevision[];
  selected: number;
  /** Undefined where the current state is shown. */
  moment: string | undefined;
  /** The state that is compared; undefined if none is. */
  compared: { before: string | undefined } | undefined;
  overlay: boolean;
}

const NOTHING = "";
const NOW = "now";
/** Characters of a note that fit in the list of states. */
const MAX_NOTE = 48;

/** What can be done with the selected state and its revision. */
export class HistoryActions {
  readonly #parts = elementsById({
    momentActions: "*",
    compare: "select",
    overlay: "button",
    revert: "button",
    restore: "button",
    toNow: "button",
  });

  constructor(events: ActionEvents) {
    this.#parts.compare.addEventListener("change", () => {
      const { value } = this.#parts.compare;
      events.compare(value === NOTHING || value === NOW ? undefined : value);
    });
    this.#parts.overlay.addEventListener("click", () =>
      events.overlay(this.#parts.overlay.getAttribute("aria-pressed") !== "true"),
    );
    this.#parts.revert.addEventListener("click", () => events.revert());
    this.#parts.restore.addEventListener("click", () => events.restore());
    this.#parts.toNow.addEventListener("click", () => events.toNow());
  }

  hide(): void {
    this.#parts.momentActions.hidden = true;
  }

  show({ revisions, selected, moment, compared, overlay }: ActionContent): void {
    this.#parts.momentActions.hidden = revisions.length === 0;
    this.#parts.compare.parentElement!.hidden = revisions.length < 2;
    this.#parts.revert.hidden = revisions.length < 2;
    this.#parts.restore.hidden = moment === undefined;
    this.#parts.toNow.hidden = moment === undefined && compared === undefined;
    this.#parts.overlay.hidden = compared === undefined;
    this.#parts.overlay.setAttribute("aria-pressed", String(overlay));
    if (document.activeElement !== this.#parts.compare || this.#parts.compare.childElementCount === 0)
      this.#fillCompare(revisions, selected, moment);
    this.#parts.compare.value = optionOf(revisions, compared);
  }

  #fillCompare(revisions: readonly DetailedRevision[], selected: number, moment: string | undefined): void {
    const first = moment === undefined ? [NOTHING, "nothing"] : [NOW, "now"];
    const others = revisions
      .map((revision, i): [string, string] => [
        momentAfter(revision),
        (i === selected - 1 ? "before this change: " : "") +
          [formatRevisionTime(revision), shorten(formatNote(revision))].filter(Boolean).join(" · "),
      ])
      .filter((_, i) => i !== selected && i < revisions.length - 1)
      .reverse();
    this.#parts.compare.replaceChildren(
      ...[first, ...others].map(([value = "", text = ""]) =>
        createElement("option", { text, attributes: { value } }),
      ),
    );
  }
}

/** Returns the option of the compared state. A moment of a link is that of the last revision before it. */
function optionOf(revisions: readonly DetailedRevision[], compared: ActionContent["compared"]): string {
  if (!compared) return NOTHING;
  if (compared.before === undefined) return NOW;
  const revision = revisions[positionOf(revisions, compared.before)];
  return revision ? momentAfter(revision) : NOW;
}

const shorten = (text: string): string => (text.length > MAX_NOTE ? `${text.slice(0, MAX_NOTE - 1)}…` : text);
