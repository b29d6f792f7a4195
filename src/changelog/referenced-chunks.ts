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

/** Reads a page that is a file. May return undefined if it is missing and not required. */
export type ReadPage = (digest: string, isRequired: boolean) => Promise<Bytes | undefined>;

/**
 * The digests of all files to which revisions refer: chunks, pages, and lists of ranges. Needs no schema, and reads each page
 * once.
 */
export class ReferencedDigests {
  readonly digests = new Set<string>();
  readonly #readPage: ReadPage;
  readonly #pages = new Set<string>();
  readonly #slots = new FairSemaphore(CONCURRENCY);

  constructor(readPage: ReadPage) {
    this.#readPage = readPage;
  }

  /**
   * Adds what a revision refers to. Those that have all their pages come first.
   *
   * @param hasPages whether none of its pages may be missing
   * @throws `corrupt` if the bytes are not a commit
   */
  async add(revision: Bytes, hasPages = true): Promise<void> {
    const payload = unpackMap(revision, "commit");
    const { root, pages, touched } = payload;
    if (!(root instanceof Uint8Array)) return this.#addChunks(payload);
    if (typeof touched === "string") this.digests.add(touched);
    const embedded = embeddedOf({ embedded: pages });
    const visit = async (bytes: Bytes): Promise<void> => {
      const page = unpackMap(bytes, "page");
      if (!("child" in page)) return this.#addChunks(page);
      const { children } = await decodeBranch(page);
      const others = children.map(({ digest }) => digest).filter((digest) => !this.#pages.has(digest));
      for (const digest of others) {
        this.#pages.add(digest);
        this.digests.add(digest);
      }
      await Promise.all(
        others.map(async (digest) => {
          const below = await this.#page(digest, embedded, hasPages);
          if (below) await visit(below);
          else this.#pages.delete(digest);
        }),
      );
    };
    await visit(root.slice());
  }

  /** A commit may claim to have a page that other commits share, so what it has is verified. */
  async #page(digest: string, embedded: EmbeddedChunks, isRequired: boolean): Promise<Bytes | undefined> {
    const own = embedded.get(digest);
    if (own && (await sha1(own)) === digest) return own;
    return this.#slots.run(() => this.#readPage(digest, isRequired));
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
