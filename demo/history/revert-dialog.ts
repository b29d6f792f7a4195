import type { Collection, Note } from "lakota";
import { explainObstacle } from "../connection/obstacle-dialog.ts";
import type { Settings } from "../connection/settings.ts";
import { byId } from "../page/dom.ts";
import { errorText } from "../page/error-text.ts";
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
  readonly #dialog = byId("revert-dialog", HTMLDialogElement);
  readonly #what = byId("revert-what", HTMLElement);
  readonly #status = byId("revert-status", HTMLElement);
  readonly #author = byId("revert-author", HTMLInputElement);
  readonly #message = byId("revert-message", HTMLInputElement);
  readonly #fields = byId("revert-fields", HTMLElement);
  readonly #cancel = byId("revert-cancel", HTMLButtonElement);
  readonly #submit = byId("revert-submit", HTMLButtonElement);
  readonly #events: RevertEvents;
  #plan: RevertPlan | undefined;
  /** Ends the search for what would change. */
  #planning = new AbortController();

  constructor(events: RevertEvents) {
    this.#events = events;
    this.#cancel.addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#planning.abort());
    byId("revert-form", HTMLFormElement).addEventListener("submit", (event) => {
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
    this.#what.textContent = texts.filter(Boolean).join(" · ");
    this.#message.value = `Revert ${note?.message ? `“${note.message}”` : `the change of ${formatRevisionTime(revision)}`}`;
    this.#plan = undefined;
    this.#submit.disabled = true;
    this.#showFields(true);
    this.#showStatus("Checking what would change …");
    this.#planning = new AbortController();
    const { signal } = this.#planning;
    this.#dialog.showModal();
    try {
      const plan = await planRevert(collection, revisions, revision, signal);
      if (signal.aborted) return;
      this.#plan = plan;
      const isPossible = plan.kind === "possible";
      this.#submit.disabled = !isPossible;
      this.#showFields(isPossible);
      if (isPossible) this.#showStatus(plan.effect);
      else this.#showStatus(`This change cannot be reverted. ${plan.reason}`, true);
    } catch (error) {
      if (!signal.aborted) this.#showError(error);
    }
  }

  async #revert(): Promise<void> {
    if (this.#plan?.kind !== "possible") return;
    this.#submit.disabled = true;
    this.#showStatus("Writing …");
    try {
      await this.#plan.run(this.#note);
      this.#dialog.close();
      this.#events.reverted("The change was reverted, as a new revision.");
    } catch (error) {
      this.#showError(error);
      this.#submit.disabled = false;
    }
  }

  get #note(): Note {
    const [author, message] = [this.#author.value.trim(), this.#message.value.trim()];
    return { ...(author && { author }), ...(message && { message }) };
  }

  /** Without a change to make, there is nothing to fill in. */
  #showFields(areVisible: boolean): void {
    this.#fields.hidden = !areVisible;
    this.#submit.hidden = !areVisible;
    this.#cancel.textContent = areVisible ? "Cancel" : "Close";
    if (!areVisible) this.#cancel.focus();
  }

  #showError(error: unknown): void {
    const { title, detail } = errorText(error);
    this.#showStatus(`${title}: ${detail}`, true);
  }

  #showStatus(text: string, isError = false): void {
    this.#status.textContent = text;
    this.#status.classList.toggle("error", isError);
  }
}
