import { byId } from "./dom.ts";
import { errorText } from "./error-text.ts";

/** The panel in place of the chart, for an error or when there is nothing to draw. */
export class MessagePanel {
  readonly #box = byId("message", HTMLElement);
  readonly #retry = byId("retry", HTMLButtonElement);
  readonly #reconnect = byId("reconnect", HTMLButtonElement);
  #onRetry: (() => void) | undefined;

  constructor(onReconnect: () => void) {
    this.#retry.addEventListener("click", () => this.#onRetry?.());
    this.#reconnect.addEventListener("click", onReconnect);
  }

  /** Shows an error and moves the focus to it. Returns a sentence for screen readers. */
  showError(error: unknown, retry: () => void): string {
    const { title, advice, detail, code, connection } = errorText(error);
    this.#show({ title, advice, detail: `${code}: ${detail}` });
    this.#box.dataset.code = code;
    this.offerRetry(retry);
    this.#reconnect.hidden = !connection;
    this.#box.focus();
    return `${title}. ${advice}`;
  }

  /** Explains why there is nothing to draw. */
  showEmpty(title: string, advice: string, reconnect = false): void {
    this.#show({ title, advice, detail: "" });
    delete this.#box.dataset.code;
    this.#retry.hidden = true;
    this.#reconnect.hidden = !reconnect;
  }

  /** Adds a button to try again. */
  offerRetry(retry: () => void): void {
    this.#onRetry = retry;
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
