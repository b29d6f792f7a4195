import { byId } from "./dom.ts";

/** Milliseconds for which the button says that the text was copied. */
const NOTICE = 2_000;

interface CopyButtonOptions {
  /** What is copied, such as "Link". */
  what: string;
  /** The text to copy; undefined if there is none now. */
  text(): string | undefined;
  /** Reads a sentence aloud. */
  announce(sentence: string): void;
}

/** A button that copies a text, and says so. */
export class CopyButton {
  readonly #button: HTMLButtonElement;
  readonly #label: string | null;
  readonly #options: CopyButtonOptions;
  #notice: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, options: CopyButtonOptions) {
    this.#button = byId(id, "button");
    this.#label = this.#button.textContent;
    this.#options = options;
    this.#button.addEventListener("click", () => void this.#copy());
  }

  async #copy(): Promise<void> {
    const { what, text, announce } = this.#options;
    const copied = text();
    if (copied === undefined) return;
    try {
      await navigator.clipboard.writeText(copied);
    } catch {
      announce(`${what} not copied: the browser forbids it.`); // in frames, where there are no prompts either, or without https
      prompt(`${what} to copy:`, copied);
      return;
    }
    announce(`${what} copied.`);
    this.#button.textContent = `${what} copied`;
    clearTimeout(this.#notice);
    this.#notice = setTimeout(() => {
      this.#button.textContent = this.#label;
    }, NOTICE);
  }
}
