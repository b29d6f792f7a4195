import { createHash } from "node:crypto";
import type { Bytes } from "../../model/bytes.ts";

/** Milliseconds for which an index is reused, which limits how often the store is listed. */
const MAX_AGE = 1_000;

export interface IndexVersion {
  readonly bytes: Bytes;
  readonly etag: string;
}

/** The index of a repo, made on request. While the repo is unchanged, its bytes and ETag stay the same. */
export class FreshIndex {
  readonly #make: () => Promise<Bytes>;
  #last: { madeAt: number; version: Promise<IndexVersion> } | undefined;
  #current: (IndexVersion & { digest: string }) | undefined;

  constructor(make: () => Promise<Bytes>) {
    this.#make = make;
  }

  get(): Promise<IndexVersion> {
    if (this.#last && performance.now() - this.#last.madeAt < MAX_AGE) return this.#last.version;
    const last = { madeAt: performance.now(), version: this.#makeVersion() };
    this.#last = last;
    last.version.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return last.version;
  }

  async #makeVersion(): Promise<IndexVersion> {
    const bytes = await this.#make();
    const digest = createHash("sha256").update(withoutTime(bytes)).digest("hex");
    if (this.#current?.digest !== digest) this.#current = { bytes, etag: `"${digest.slice(0, 32)}"`, digest };
    return this.#current;
  }
}

/** The time at which an index was made does not count as a change. */
const withoutTime = (bytes: Bytes) => new TextDecoder().decode(bytes).replace(/"time":"[^"]*"/, "");
