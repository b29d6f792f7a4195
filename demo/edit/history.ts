import type { Collection, Revision, RevisionDetails } from "lakota";
import { byId, make } from "../dom.ts";
import { counted } from "../format.ts";

/** The newest revisions; all of a long history would be a file to read each. */
const SHOWN = 30;

/** The list of a collection's revisions, each with a way back to it. */
export class History {
  readonly #box = byId("history", HTMLDetailsElement);
  readonly #list = byId("revisions", HTMLOListElement);
  readonly #onBack: (revision: Revision) => void;
  #collection: Collection | undefined;

  constructor(onBack: (revision: Revision) => void) {
    this.#onBack = onBack;
    this.#box.addEventListener("toggle", () => void this.show(this.#collection));
  }

  /** Unfolds the list. */
  open(): void {
    this.#box.open = true;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  /** Shows the history of a collection; read only while the list is open. */
  async show(collection: Collection | undefined): Promise<void> {
    this.#collection = collection;
    this.#box.hidden = !collection;
    if (!collection || !this.#box.open) return;
    const log = await collection.log({ limit: SHOWN, details: true });
    if (collection !== this.#collection) return;
    const heads = log.filter(({ head }) => head).length;
    this.#list.replaceChildren(...log.reverse().map((revision) => this.#item(revision, heads)));
  }

  #item(revision: Revision & RevisionDetails, heads: number): HTMLLIElement {
    const { time, note, rows, head } = revision;
    const when = make("time", {
      text: time.toISOString().slice(0, 19).replace("T", " "),
      attributes: { datetime: time.toISOString() },
    });
    const words = [note?.author, note?.message].filter(Boolean).join(": ");
    const parts = [when, make("span", { class: "words", text: words || "No note" })];
    if (rows !== undefined) parts.push(make("span", { class: "unit", text: counted(rows, "row") }));
    if (head && heads === 1) parts.push(make("span", { class: "now", text: "now" }));
    else {
      const back = make("button", { text: "Back to this", attributes: { type: "button" } });
      back.addEventListener("click", () => this.#onBack(revision));
      parts.push(back);
    }
    return make("li", { children: parts });
  }
}
