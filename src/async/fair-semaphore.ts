/** What waits for one owner. */
interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Runs at most `slots` pieces of work at a time. Owners take turns, and none has more than `share` of the slots, so that
 * one who wants much does not keep out one who wants little.
 */
export class FairSemaphore {
  readonly #share: number;
  /** The first one has its turn next. */
  readonly #lines = new Map<object, Line>();
  #free: number;

  constructor(slots: number, share = slots) {
    this.#free = slots;
    this.#share = share;
  }

  async run<T>(work: () => Promise<T>, owner: object = this): Promise<T> {
    const line = this.#lines.get(owner) ?? { running: 0, waiting: [] };
    this.#lines.set(owner, line);
    if (this.#free > 0 && line.running < this.#share) this.#start(line);
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    try {
      return await work();
    } finally {
      line.running--;
      this.#free++;
      this.#next();
      if (line.running + line.waiting.length === 0) this.#lines.delete(owner);
    }
  }

  #start(line: Line): void {
    line.running++;
    this.#free--;
  }

  #next(): void {
    for (const [owner, line] of this.#lines) {
      if (line.running >= this.#share) continue;
      const work = line.waiting.shift();
      if (!work) continue;
      this.#start(line);
      this.#lines.delete(owner); // to the end: the others come first now
      this.#lines.set(owner, line);
      work();
      return;
    }
  }
}
