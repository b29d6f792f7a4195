/**
 * A file with random access: a `File` or `Blob`, bytes in memory, or an object that fetches ranges of bytes.
 */
export type RandomAccess = Blob | Uint8Array | RandomAccessFile;

export interface RandomAccessFile {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}
