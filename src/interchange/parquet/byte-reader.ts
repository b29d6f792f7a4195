/** Reads numbers of Thrift's compact protocol, which Parquet also uses in its encodings. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** @throws RangeError at the end of the bytes */
  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw new RangeError("The bytes end within a number");
    return value;
  }

  /** Reads the low 32 bits of an integer. */
  varint(): number {
    let result = 0;
    let byte: number;
    let shift = 0;
    do {
      byte = this.byte();
      result |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return result >>> 0;
  }

  /** Reads the low 32 bits of a signed integer. */
  zigzag(): number {
    const { at } = this;
    const value = this.varint();
    const high = this.at - at === 5 ? (this.#bytes[at + 4]! >>> 4) & 1 : 0; // of 33 bits
    return ((value >>> 1) | (high << 31)) ^ -(value & 1);
  }
}
