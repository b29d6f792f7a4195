/** Things by name, up to a number of bytes in all; the one unused for longest goes first. */
export class ByteLru<T> {
  bytes = 0;
  readonly #most: number;
  /** In order of last use. */
  readonly #held = new Map<string, { thing: T; bytes: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): T | undefined {
    const found = this.#held.get(name);
    if (!found) return undefined;
    this.#held.delete(name);
    this.#held.set(name, found);
    return found.thing;
  }

  set(name: string, thing: T, bytes: number): void {
    this.delete(name);
    if (bytes > this.#most) return;
    this.#held.set(name, { thing, bytes });
    this.bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.bytes <= this.#most) break;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.bytes -= this.#held.get(name)?.bytes ?? 0;
    this.#held.delete(name);
  }

  clear(): void {
    this.#held.clear();
    this.bytes = 0;
  }
}
