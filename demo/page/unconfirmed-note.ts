import type { Confirmation } from "../state/page-state.ts";
import { byId } from "./dom.ts";

/** Milliseconds before the note appears: most answers come sooner. */
const DELAY = 2_000;

/** Says below the chart that it shows what was known last, if the server takes long to confirm it, or does not. */
export class UnconfirmedNote {
  readonly #note = byId("unconfirmed");
  readonly #announce: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(announce: (text: string) => void) {
    this.#announce = announce;
  }

  show(confirmation: Confirmation): void {
    clearTimeout(this.#timer);
    this.#note.textContent = "";
    if (confirmation === "waiting")
      this.#timer = setTimeout(() => this.#say("the server has not confirmed it yet"), DELAY);
    else if (confirmation === "failed") this.#say("the server has not confirmed it");
  }

  #say(what: string): void {
    this.#note.textContent = `Shown as last known: ${what}.`;
    this.#announce(this.#note.textContent);
  }
}
