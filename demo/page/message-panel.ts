import type { Problem, Remedy } from "../state/problem.ts";
import { byId, createElement, elementsById } from "./dom.ts";
import { errorText } from "./error-text.ts";

/** What the panel says about a problem. */
interface Message {
  title: string;
  advice: string;
  detail: string;
  code: string | undefined;
  remedies: readonly Remedy[];
  /** Whether it helps to change the connection. */
  connection: boolean;
}

/** The panel in place of the chart, for an error or when there is nothing to draw. */
export class MessagePanel {
  readonly #parts = elementsById({ message: "*", remedies: "*", reconnect: "button" });
  #problem: Problem | undefined;

  constructor(onReconnect: () => void) {
    this.#parts.reconnect.addEventListener("click", onReconnect);
  }

  /**
   * Shows a problem, and moves the focus to a new error. Returns a sentence for screen readers; undefined if nothing
   * has changed.
   */
  show(problem: Problem | undefined): string | undefined {
    if (problem === this.#problem) return undefined;
    this.#problem = problem;
    this.#parts.message.hidden = !problem;
    if (!problem) return undefined;
    const { title, advice, detail, code, remedies, connection } = messageOf(problem);
    for (const [name, text] of Object.entries({ title, advice, detail })) {
      const element = byId(`message-${name}`);
      element.textContent = text;
      element.hidden = text === "";
    }
    if (code === undefined) delete this.#parts.message.dataset.code;
    else this.#parts.message.dataset.code = code;
    this.#parts.remedies.replaceChildren(
      ...remedies.map(({ label, run }) => {
        const button = createElement("button", { text: label, attributes: { type: "button" } });
        button.addEventListener("click", run);
        return button;
      }),
    );
    this.#parts.reconnect.hidden = !connection;
    if (problem.kind === "error") this.#parts.message.focus();
    return `${title}. ${advice}`;
  }
}

function messageOf(problem: Problem): Message {
  switch (problem.kind) {
    case "error": {
      const { code, detail, ...text } = errorText(problem.error);
      const remedies = [{ label: "Try again", run: problem.retry }];
      return { ...text, detail: `${code}: ${detail}`, code, remedies };
    }
    case "cancelled":
      return {
        title: "Cancelled",
        advice: "Data received so far is kept on this device.",
        detail: "",
        code: undefined,
        remedies: [{ label: "Try again", run: problem.retry }],
        connection: false,
      };
    default: {
      const { title, advice, remedies, connection } = problem;
      return { title, advice, detail: "", code: undefined, remedies, connection };
    }
  }
}
