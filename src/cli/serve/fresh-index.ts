import { createHash } from "node:crypto";
import type { Bytes } from "../../model/bytes.ts";

/** Milliseconds for which an index is given out: however many ask, listings are made once in that time. */
const FRESH = 1_000;

export interface IndexAnswer {
  readonly bytes: Bytes;
  readonly etag: string;
}

/** The index of a repo, made when it is asked for. As long as the repo stays the same, so do its bytes. */
export class FreshIndex {
  readonly #make: () => Promise<Bytes>;
  #last: { at: number; answer: Promise<IndexAnswer> } | undefined;
  #kept: (IndexAnswer & { content: string }) | undefined;

  constructor(make: () => Promise<Bytes>) {
    this.#make = make;
  }

  get(): Promise<IndexAnswer> {
    if (this.#last && performance.now() - this.#last.at < FRESH) return this.#last.answer;
    const last = { at: performance.now(), answer: this.#look() };
    this.#last = last;
    last.answer.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return last.answer;
  }

  async #look(): Promise<IndexAnswer> {
    const bytes = await this.#make();
    const content = createHash("sha256").update(withoutTime(bytes)).digest("hex");
    if (this.#kept?.content !== content) this.#kept = { bytes, etag: `"${content.slice(0, 32)}"`, content };
    return this.#kept;
  }
}

/** An index says when it was made; nobody needs to fetch it again for that. */
const withoutTime = (bytes: Bytes) => new TextDecoder().decode(bytes).replace(/"time":"[^"]*"/, "");
