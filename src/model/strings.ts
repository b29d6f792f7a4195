const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // a string may begin with U+FEFF

/**
 * A column of strings in one UTF-8 buffer: item `i` is `bytes[offsets[i] … offsets[i + 1]]`. It can be
 * transferred between threads, and UTF-8 bytes sort by code point, which is the format's order of strings.
 */
export class Strings {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly offsets: Uint32Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>, offsets: Uint32Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  /** Decodes one item. */
  at(index: number): string {
    return decoder.decode(this.bytes.subarray(this.offsets[index], this.offsets[index + 1]));
  }

  toArray(): string[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }

  /** Returns the items from `from` up to `to`. Their text is not copied. */
  subarray(from: number, to: number): Strings {
    const first = this.offsets[from]!;
    const offsets = this.offsets.subarray(from, to + 1).map((offset) => offset - first);
    return new Strings(this.bytes.subarray(first, this.offsets[to]), offsets);
  }
}
