import { aborted } from "../model/errors.ts";
import { onAbort } from "./abort.ts";

/** The reason of a group that has ended by itself. Made once: making one takes a stack trace. */
const ENDED = new DOMException("The work has ended.", "AbortError");

/**
 * Gives each of many operations a signal, and aborts them together: when the caller's signal fires, or by
 * `end`. (One signal for all would collect a listener for each request, which Node reports as a leak.)
 */
export class AbortGroup {
  readonly #members = new Set<AbortController>();
  readonly #stopListening: () => void;
  #reason: unknown;

  constructor(parent: AbortSignal | undefined) {
    const end = () => this.end(parent?.reason);
    this.#stopListening = onAbort(parent, end);
    if (parent?.aborted) end();
  }

  /** @throws `aborted` once the group has ended */
  throwIfEnded(): void {
    if (this.#reason !== undefined) throw aborted(AbortSignal.abort(this.#reason));
  }

  /** Runs `work` with a signal. @throws `aborted` once the group has ended */
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

  /** Aborts the running operations. No further ones start. */
  end(reason: unknown = ENDED): void {
    this.#reason ??= reason;
    this.#stopListening();
    for (const member of this.#members) member.abort(reason);
  }
}
