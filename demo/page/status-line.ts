import { byId } from "./dom.ts";
import { errorText } from "./error-text.ts";

/** The line of a dialog that says what is going on, what would happen, or what is wrong. */
export class StatusLine {
  readonly #element: HTMLElement;

  constructor(id: string) {
    this.#element = byId(id);
  }

  say(text: string, isError = false): void {
    this.#element.textContent = text;
    this.#element.classList.toggle("error", isError);
  }

  /** Says what went wrong. */
  fail(error: unknown): void {
    const { title, detail } = errorText(error);
    this.say(`${title}: ${detail}`, true);
  }
}
