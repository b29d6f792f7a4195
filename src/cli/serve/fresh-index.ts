import { createHash } from "node:crypto";

type Bytes = Uint8Array<ArrayBuffer>;

/** Milliseconds for which an index is given out: however many ask, listings are made once in that time. */
const FRESH = 1_000;

export interface IndexAnswer {
  readonly bytes: Bytes;
  readonly etag: string;
}

/** The index of a repo, made when it is asked for. */
export class FreshIndex {
  readonly #make: () => Promise<Bytes>;
  #last: { at: number; answer: Promise<IndexAnswer> } | undefined;

  constructor(make: () => Promise<Bytes>) {
    this.#make = make;
  }

  get(): Promise<IndexAnswer> {
    if (this.#last && performance.now() - this.#last.at < FRESH) return this.#last.answer;
    const last = { at: performance.now(), answer: this.#make().then(withEtag) };
    this.#last = last;
    last.answer.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return last.answer;
  }
}

const withEtag = (bytes: Bytes): IndexAnswer => ({
  bytes,
  etag: `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`,
});
