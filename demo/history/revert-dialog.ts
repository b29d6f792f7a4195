import type { Collection } from "lakota";
import { explainObstacle } from "../connection/obstacle-dialog.ts";
import type { Settings } from "../connection/settings.ts";
import { elementsById } from "../page/dom.ts";
import { readNote } from "../page/note-fields.ts";
import { StatusLine } from "../page/status-line.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { planRevert, type RevertPlan } from "./revert-change.ts";
import { formatNote, formatRevisionTime, formatRowsWritten } from "./revision-text.ts";

export interface RevertEvents {
  reverted(sentence: string): void;
  /** The user wants to enter what writing needs in this field of the connection. */
  connect(field: keyof Settings): void;
}

/** The dialog that undoes what one revision changed, as a new revision with a note. */
export class RevertDialog {
  readonly #parts = elementsById({
    revertDialog: "dialog",
    revertWhat: "*",
    revertAuthor: "input",
    revertMessage: "input",
    revertFields: "*",
    revertCancel: "button",
    revertSubmit: "button",
    revertForm: "form",
  });
  readonly #status = new StatusLine("revert-status");
  readonly #events: RevertEvents;
  #plan: RevertPlan | undefined;
  /** Ends the search for what would change. */
  #planning = new AbortController();

  constructor(events: RevertEvents) {
    this.#events = events;
    this.#parts.revertCancel.addEventListener("click", () => this.#parts.revertDialog.close());
    this.#parts.revertDialog.addEventListener("close", () => this.#planning.abort());
    this.#parts.revertForm.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#revert();
    });
  }

  /** @param revisions the history, oldest first */
  async open(
    settings: Settings,
    collection: Collection,
    revisions: readonly DetailedRevision[],
    revision: DetailedRevision,
  ): Promise<void> {
    if (await explainObstacle(settings, (field) => this.#events.connect(field))) return;
    const { note } = revision;
    const texts = [`${formatRevisionTime(revision)} UTC`, formatNote(revision), formatRowsWritten(revision)];
    this.#parts.revertWhat.textContent = texts.filter(Boolean).join(" · ");
    this.#parts.revertMessage.value = `Revert ${note?.message ? `“${note.message}”` : `the change of ${formatRevisionTime(revision)}`}`;
    this.#plan = undefined;
    this.#parts.revertSubmit.disabled = true;
    this.#showFields(true);
    this.#status.say("Checking what would change…");
    this.#planning = new AbortController();
    const { signal } = this.#planning;
    this.#parts.revertDialog.showModal();
    try {
      const plan = await planRevert(collection, revisions, revision, signal);
      if (signal.aborted) return;
      this.#plan = plan;
      const isPossible = plan.kind === "possible";
      this.#parts.revertSubmit.disabled = !isPossible;
      this.#showFields(isPossible);
      if (isPossible) this.#status.say(plan.effect);
      else this.#status.say(`This change cannot be reverted. ${plan.reason}`, true);
    } catch (error) {
      if (!signal.aborted) this.#status.fail(error);
    }
  }

  async #revert(): Promise<void> {
    if (this.#plan?.kind !== "possible") return;
    this.#parts.revertSubmit.disabled = true;
    this.#status.say("Writing…");
    const note = readNote({ author: this.#parts.revertAuthor, message: this.#parts.revertMessage });
    try {
      const overwritten = await this.#plan.run(note);
      const sentence = overwritten
        ? `The change was reverted. At the same moment others wrote to some of these rows, such as ${overwritten}. Their values were replaced; the history has them.`
        : "The change was reverted, as a new revision.";
      if (overwritten) {
        this.#showFields(false);
        this.#status.say(sentence, true);
      } else this.#parts.revertDialog.close();
      this.#events.reverted(sentence);
    } catch (error) {
      this.#status.fail(error);
      this.#parts.revertSubmit.disabled = false;
    }
  }

  /** Without a change to make, there is nothing to fill in. */
  #showFields(areVisible: boolean): void {
    this.#parts.revertFields.hidden = !areVisible;
    this.#parts.revertSubmit.hidden = !areVisible;
    this.#parts.revertCancel.textContent = areVisible ? "Cancel" : "Close";
    if (!areVisible) this.#parts.revertCancel.focus();
  }
}
