/** The work of one owner. */
interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * A semaphore of `slots`, fair among owners: they take turns, and none holds more than `share` slots, so that
 * an owner of much work does not block an owner of little.
 */
export class FairSemaphore {
  readonly #share: number;
  /** The first one has the next turn. */
  readonly #queues = new Map<object, Queue>();
  #free: number;

  constructor(slots: number, share = slots) {
    this.#free = slots;
    this.#share = share;
  }

  /** Runs `work` once there is a slot for it. */
  async run<T>(work: () => Promise<T>, owner: object = this): Promise<T> {
    const queue = this.#queues.get(owner) ?? { running: 0, waiting: [] };
    this.#queues.set(owner, queue);
    if (this.#free > 0 && queue.running < this.#share) this.#start(queue);
    else await new Promise<void>((resolve) => queue.waiting.push(resolve));
    try {
      return await work();
    } finally {
      queue.running--;
      this.#free++;
      this.#next();
      if (queue.running + queue.waiting.length === 0) this.#queues.delete(owner);
    }
  }

  #start(queue: Queue): void {
    queue.running++;
    this.#free--;
  }

  #next(): void {
    for (const [owner, queue] of this.#queues) {
      if (queue.running >= this.#share) continue;
      const resume = queue.waiting.shift();
      if (!resume) continue;
      this.#start(queue);
      this.#queues.delete(owner); // to the end of the order, so that the other owners are next
      this.#queues.set(owner, queue);
      resume();
      return;
    }
  }
}
