import { byId } from "./dom.ts";

/** Milliseconds before the note appears: most answers come sooner. */
const DELAY = 2_000;

/** Says below the chart that it shows what was known last, if the server takes long to confirm it, or does not. */
export class UnconfirmedNote {
  readonly #note = byId("unconfirmed", HTMLElement);
  readonly #announce: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(announce: (text: string) => void) {
    this.#announce = announce;
  }

  /** The server is asked. */
  wait(): void {
    this.hide();
    this.#timer = setTimeout(() => this.#show("the server has not confirmed it yet"), DELAY);
  }

  /** The server has answered, but with an error. */
  failed(): void {
    this.hide();
    this.#show("the server has not confirmed it");
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#note.textContent = "";
  }

  #show(what: string): void {
    this.#note.textContent = `Shown as last known: ${what}.`;
    this.#announce(this.#note.textContent);
  }
}
