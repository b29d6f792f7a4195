/** Buffers by path, up to a number of bytes in all; the one unused for longest goes first. */
export class ByteLru {
  bytes = 0;
  readonly #limit: number;
  /** In order of last use. */
  readonly #buffers = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(path: string): Uint8Array<ArrayBuffer> | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer) {
      this.#buffers.delete(path);
      this.#buffers.set(path, buffer);
    }
    return buffer;
  }

  set(path: string, buffer: Uint8Array<ArrayBuffer>): void {
    this.delete(path);
    if (buffer.length > this.#limit) return;
    this.#buffers.set(path, buffer);
    this.bytes += buffer.length;
    for (const oldest of this.#buffers.keys()) {
      if (this.bytes <= this.#limit) break;
      this.delete(oldest);
    }
  }

  delete(path: string): void {
    this.bytes -= this.#buffers.get(path)?.length ?? 0;
    this.#buffers.delete(path);
  }

  clear(): void {
    this.#buffers.clear();
    this.bytes = 0;
  }
}
