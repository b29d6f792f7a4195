import { sha1 } from "../../codecs/sha1.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { EmbeddedChunks } from "../segment-table.ts";

/** Stores a file under its digest, unless there is one. */
export type PutFile = (digest: string, bytes: Bytes) => Promise<void>;

/**
 * Bytes of pages that a commit has besides the root. Enough for those of a small write, so that they need no files of
 * their own before the next write.
 */
const EMBEDDED_BYTES = 32_768;

/**
 * Takes the new pages of a tree, level by level from the leaves. Those of the lowest levels become files where not all fit in
 * the commit. So what is below a page that is a file is in files, too. A copy relies on that for the pages to which a revision of
 * its target refers; a garbage collection may have removed what is below others.
 */
export class PageSink {
  readonly #putFile: PutFile;
  /** Pages that are not stored as files, by level. */
  readonly #held: Map<string, Bytes>[] = [];
  #bytes = 0;
  /** Settles once the levels below {@link #stored} are stored. */
  #storing: Promise<void> = Promise.resolve();
  /** Levels from the leaves whose pages are all files. */
  #stored = 0;
  /** The page that was added last. */
  latest: { digest: string; bytes: Bytes } | undefined;

  constructor(putFile: PutFile) {
    this.#putFile = putFile;
  }

  /** Takes a page. Returns its digest once it is stored, or held. */
  async add(height: number, bytes: Bytes): Promise<string> {
    const digest = await sha1(bytes);
    this.latest = { digest, bytes };
    if (height < this.#stored) {
      await this.#storing; // what is below comes first
      await this.#putFile(digest, bytes);
      return digest;
    }
    const held = this.#held[height] ?? new Map<string, Bytes>();
    this.#held[height] = held;
    if (!held.has(digest)) this.#bytes += bytes.length;
    held.set(digest, bytes);
    while (this.#bytes > EMBEDDED_BYTES) this.#storeLevel();
    await this.#storing;
    return digest;
  }

  /** Stores all pages of the lowest level that is not stored, after those below it. */
  #storeLevel(): void {
    const pages = this.#held[this.#stored] ?? new Map<string, Bytes>();
    this.#held[this.#stored++] = new Map();
    for (const bytes of pages.values()) this.#bytes -= bytes.length;
    const below = this.#storing;
    this.#storing = (async () => {
      await below;
      await Promise.all([...pages].map(([digest, bytes]) => this.#putFile(digest, bytes)));
    })();
    this.#storing.catch(() => {}); // each add() awaits it
  }

  /** Returns the pages for the commit, without its root. */
  embedded(root: string): EmbeddedChunks {
    return new Map(this.#held.flatMap((level) => [...level]).filter(([digest]) => digest !== root));
  }
}
