import { FairSemaphore } from "../async/fair-semaphore.ts";
import { decodeColumn } from "../codecs/decode.ts";
import { sha1 } from "../codecs/sha1.ts";
import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { embeddedOf, isMap, MAX_COLUMN_BYTES, type Payload, TEXT, unpackMap } from "./decode-table.ts";
import type { EmbeddedChunks } from "./segment-table.ts";
import { decodeBranch } from "./tree/page.ts";

/** Pages that are read at a time. */
const CONCURRENCY = 8;

/**
 * The digests of all files to which revisions refer: chunks, pages, and lists of ranges. Needs no schema, and reads each page
 * once.
 */
export class ReferencedDigests {
  readonly digests = new Set<string>();
  readonly #readPage: (digest: string) => Promise<Bytes>;
  readonly #pages = new Set<string>();
  readonly #slots = new FairSemaphore(CONCURRENCY);

  /** @param readPage returns the content of a page that is a file */
  constructor(readPage: (digest: string) => Promise<Bytes>) {
    this.#readPage = readPage;
  }

  /** Adds what a revision refers to. @throws `corrupt` if the bytes are not a commit */
  async add(revision: Bytes): Promise<void> {
    const payload = unpackMap(revision, "commit");
    const { root, pages, touched } = payload;
    if (!(root instanceof Uint8Array)) return this.#addChunks(payload);
    if (typeof touched === "string") this.digests.add(touched);
    await this.#addPage(root.slice(), embeddedOf({ embedded: pages }));
  }

  async #addPage(bytes: Bytes, embedded: EmbeddedChunks): Promise<void> {
    const payload = unpackMap(bytes, "page");
    if (!("child" in payload)) return this.#addChunks(payload);
    const { children } = await decodeBranch(payload);
    const missing = children.map(({ digest }) => digest).filter((digest) => !this.#pages.has(digest));
    for (const digest of missing) {
      this.#pages.add(digest);
      this.digests.add(digest);
    }
    await Promise.all(
      missing.map(async (digest) => this.#addPage(await this.#page(digest, embedded), embedded)),
    );
  }

  /** A commit may claim to have a page that other commits share, so what it has is verified. */
  async #page(digest: string, embedded: EmbeddedChunks): Promise<Bytes> {
    const own = embedded.get(digest);
    if (own && (await sha1(own)) === digest) return own;
    return this.#slots.run(() => this.#readPage(digest));
  }

  async #addChunks(payload: Payload): Promise<void> {
    if (!isMap(payload.digest)) throw new LakotaError("corrupt", "A commit has no digests.");
    for (const [name, column] of Object.entries(payload.digest)) {
      if (!(column instanceof Uint8Array))
        throw new LakotaError("corrupt", `A commit has no digests of column "${name}".`);
      const decoded = await decodeColumn(column.slice(), { ...TEXT, name }, { maxBytes: MAX_COLUMN_BYTES });
      if (decoded.column instanceof Strings)
        for (const digest of decoded.column.toArray()) this.digests.add(digest);
    }
  }
}
