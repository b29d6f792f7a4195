import { aborted, throwIfAborted } from "../model/errors.ts";
import { onAbort } from "./abort.ts";

interface Waiter {
  bytes: number;
  admit(): void;
}

/** A FIFO semaphore weighted by bytes. Work larger than the budget runs alone. */
export class MemoryBudget {
  readonly #size: number;
  readonly #queue: Waiter[] = [];
  #free: number;

  /** @param size in bytes */
  constructor(size: number) {
    this.#size = size;
    this.#free = size;
  }

  /**
   * Runs `work`, which needs about `bytes` of memory, once the budget allows.
   *
   * @throws `aborted` while it is queued
   */
  async run<T>(bytes: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const weight = Math.min(bytes, this.#size);
    await this.#acquire(weight, signal);
    try {
      return await work();
    } finally {
      this.#free += weight;
      this.#admitNext();
    }
  }

  #acquire(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1);
        reject(aborted(signal));
        this.#admitNext(); // it may have blocked smaller ones behind it
      };
      const admit = () => {
        stopListening();
        resolve();
      };
      const waiter = { bytes, admit };
      const stopListening = onAbort(signal, cancel);
      this.#queue.push(waiter);
      this.#admitNext();
    });
  }

  #admitNext(): void {
    for (let next = this.#queue[0]; next && next.bytes <= this.#free; next = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= next.bytes;
      next.admit();
    }
  }
}
