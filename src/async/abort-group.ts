import { aborted } from "../model/errors.ts";
import { onAbort } from "./abort.ts";

/**
 * One signal each for many pieces of work that end together: when the caller's signal fires, or by `end`. (A single
 * signal for all would gather a listener for each request, which Node takes for a leak.)
 */
export class AbortGroup {
  readonly #members = new Set<AbortController>();
  readonly #leave: () => void;
  #ended: unknown;

  constructor(parent: AbortSignal | undefined) {
    const end = () => this.end(parent?.reason);
    this.#leave = onAbort(parent, end);
    if (parent?.aborted) end();
  }

  /** @throws `aborted` once the group has ended. */
  throwIfEnded(): void {
    if (this.#ended !== undefined) throw aborted(AbortSignal.abort(this.#ended));
  }

  /** Runs `work` with a signal of its own. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.throwIfEnded();
    const member = new AbortController();
    this.#members.add(member);
    try {
      return await work(member.signal);
    } finally {
      this.#members.delete(member);
    }
  }

  /** Aborts what is under way; nothing starts any more. */
  end(reason: unknown = new DOMException("The work has ended.", "AbortError")): void {
    this.#ended ??= reason;
    this.#leave();
    for (const member of this.#members) member.abort(reason);
  }
}
