interface Entry<T> {
  value: T;
  bytes: number;
}

/** An LRU cache limited by the total size of its values in bytes. */
export class ByteLru<T> {
  /** Total size of all values. */
  bytes = 0;
  readonly #limit: number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<T>>();

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Adds or replaces a value. One that is larger than the limit is not kept. */
  set(key: string, value: T, bytes: number): void {
    this.delete(key);
    if (bytes > this.#limit) return;
    this.#entries.set(key, { value, bytes });
    this.bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.bytes <= this.#limit) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.bytes = 0;
  }
}
