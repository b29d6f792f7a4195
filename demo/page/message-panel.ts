import { byId } from "./dom.ts";
import { errorText } from "./error-text.ts";

/** The panel that takes the chart's place: an error, or nothing to show. */
export class MessagePanel {
  readonly #box = byId("message", HTMLElement);
  readonly #retry = byId("retry", HTMLButtonElement);
  readonly #reconnect = byId("reconnect", HTMLButtonElement);
  #onRetry: (() => void) | undefined;

  constructor(onReconnect: () => void) {
    this.#retry.addEventListener("click", () => this.#onRetry?.());
    this.#reconnect.addEventListener("click", onReconnect);
  }

  /** Says what went wrong, and takes the focus there. Answers it as a sentence. */
  showError(error: unknown, again: () => void): string {
    const { title, advice, detail, code, connection } = errorText(error);
    this.#show({ title, advice, detail: `${code}: ${detail}` });
    this.#box.dataset.code = code;
    this.offerRetry(again);
    this.#reconnect.hidden = !connection;
    this.#box.focus();
    return `${title}. ${advice}`;
  }

  /** Says that there is nothing to show. */
  showEmpty(title: string, advice: string, reconnect = false): void {
    this.#show({ title, advice, detail: "" });
    delete this.#box.dataset.code;
    this.#retry.hidden = true;
    this.#reconnect.hidden = !reconnect;
  }

  /** Adds a "try again" to what is shown. */
  offerRetry(again: () => void): void {
    this.#onRetry = again;
    this.#retry.hidden = false;
  }

  hide(): void {
    this.#box.hidden = true;
  }

  #show(texts: { title: string; advice: string; detail: string }): void {
    for (const [name, text] of Object.entries(texts)) {
      const element = byId(`message-${name}`, HTMLElement);
      element.textContent = text;
      element.hidden = text === "";
    }
    this.#box.hidden = false;
  }
}
