import { aborted, throwIfAborted } from "../model/errors.ts";
import { onAbort } from "./abort.ts";

interface Waiting {
  bytes: number;
  enter(): void;
}

/** Memory for work under way: lets in, first come first served, what fits; what would never fit, alone. */
export class MemoryBudget {
  readonly #size: number;
  readonly #waiting: Waiting[] = [];
  #free: number;

  /** @param size bytes. */
  constructor(size: number) {
    this.#size = size;
    this.#free = size;
  }

  /** Runs `work`, which takes about `bytes`, when there is room for it. @throws `aborted` while it waits. */
  async run<T>(bytes: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const taken = Math.min(bytes, this.#size);
    await this.#enter(taken, signal);
    try {
      return await work();
    } finally {
      this.#free += taken;
      this.#admit();
    }
  }

  #enter(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(aborted(signal));
        this.#admit(); // it may have stood before one that fits
      };
      const enter = () => {
        end();
        resolve();
      };
      const waiting = { bytes, enter };
      const end = onAbort(signal, leave);
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.enter();
    }
  }
}
