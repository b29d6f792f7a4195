import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { ReferencedDigests } from "../../changelog/referenced-chunks.ts";
import { digestOfId, MAX_TIME } from "../../changelog/revision.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { GcOptions, GcReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import { type ChunkPath, parseChunkPath, parseRevisionPath, setAsidePath } from "../../model/parse-layout.ts";
import { fetchChunk } from "../../stores/fetch-chunk.ts";
import type { Entry, Store } from "../../stores/store.ts";
import { readClock } from "./store-clock.ts";

/** Default of the option `grace`, in milliseconds. */
export const DEFAULT_GRACE = 600_000;

/** A chunk file, or a copy of one that was set aside. */
interface ChunkFile extends Entry, ChunkPath {}

/** What a collection does to each chunk file. */
interface Plan {
  kept: ChunkFile[];
  setAside: ChunkFile[];
  restored: ChunkFile[];
  deleted: ChunkFile[];
  /** Paths of chunk files that exist, or will after the collection. */
  present: Set<string>;
}

/**
 * Removes unreferenced chunks in two phases: {@link Repo.gc}. Lists chunks before revisions, so that the
 * chunks of a concurrent commit never look unreferenced, and lists revisions again before it deletes
 * anything. Relies on writers taking less than `grace` from their first chunk to their commit.
 */
export async function gc(
  store: Store,
  { dryRun, grace = DEFAULT_GRACE, onProgress }: GcOptions,
  concurrency: number,
  signal: AbortSignal,
): Promise<Omit<GcReport, "overviews">> {
  const slots = new FairSemaphore(concurrency);
  const files = await store.list("", { detail: "modified", signal });
  const references = new ReferencedChunks(store, slots, signal);
  await references.update();
  const chunks = files.flatMap(chunkFile);
  const isDue = chunks.some(
    ({ setAsideAt, digest }) => setAsideAt !== undefined || !references.digests.has(digest),
  );
  const clock = isDue && !dryRun ? await readClock(store, signal) : { earliest: Date.now, latest: Date.now };
  const now = clock.earliest();
  // What was set aside "now" by a clock that differs is due as well if there is no grace.
  const isExpired = (since: number) => grace <= 0 || now - since > grace;
  const plan = makePlan(chunks, references.digests, isExpired);
  const work = [...plan.setAside, ...plan.restored, ...plan.deleted];
  let done = 0;
  const each = (chunks: ChunkFile[], act: (chunk: ChunkFile) => Promise<void>) =>
    Promise.all(
      chunks.map((chunk) =>
        slots.run(async () => {
          await act(chunk);
          onProgress?.({ done: ++done, total: work.length });
        }),
      ),
    );
  if (!dryRun && work.length > 0) {
    await each(plan.restored, ({ path, original }) => restore(store, path, original, signal));
    await each(plan.setAside, ({ path }) => {
      const target = setAsidePath(path, Math.min(Math.max(0, clock.latest()), MAX_TIME));
      return store.move(path, target, { signal }).catch(unlessMissing); // another collection has moved it
    });
    await references.update();
    const isNeeded = ({ digest, original }: ChunkFile) =>
      references.digests.has(digest) && !plan.present.has(original);
    const rescued = plan.deleted.filter(isNeeded);
    plan.deleted = plan.deleted.filter((chunk) => !isNeeded(chunk));
    plan.kept.push(...rescued);
    await each(plan.deleted, ({ path }) => store.delete(path, { signal }));
  }
  return {
    kept: plan.kept.length,
    setAside: count(plan.setAside),
    restored: count(plan.restored),
    deleted: count(plan.deleted),
  };
}

/** Moves a chunk back to its place. Another garbage collection may do the same. */
async function restore(store: Store, path: string, original: string, signal: AbortSignal): Promise<void> {
  try {
    await store.move(path, original, { signal });
  } catch (error) {
    unlessMissing(error);
    if ((await store.list(original, { signal })).length === 0) throw error; // moved back, or set aside again
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
}

/** @param isExpired returns whether what was set aside at a time (epoch milliseconds) may be deleted */
function makePlan(
  chunks: readonly ChunkFile[],
  needed: ReadonlySet<string>,
  isExpired: (since: number) => boolean,
): Plan {
  const present = new Set(
    chunks.filter(({ setAsideAt }) => setAsideAt === undefined).map(({ path }) => path),
  );
  const plan: Plan = { kept: [], setAside: [], restored: [], deleted: [], present };
  for (const chunk of chunks) {
    const { setAsideAt, digest, original, modified = 0 } = chunk;
    const isNeeded = needed.has(digest);
    if (setAsideAt === undefined) (isNeeded ? plan.kept : plan.setAside).push(chunk);
    else if (isNeeded && !present.has(original)) {
      plan.restored.push(chunk);
      present.add(original); // restores one of several copies
      // The time in the name may be that of a machine whose clock differs.
    } else if (isExpired(Math.max(setAsideAt, modified))) plan.deleted.push(chunk);
    else plan.kept.push(chunk);
  }
  return plan;
}

function chunkFile(entry: Entry): ChunkFile[] {
  const chunk = parseChunkPath(entry.path);
  return chunk ? [{ ...entry, ...chunk }] : [];
}

const count = (chunks: readonly ChunkFile[]) => ({
  files: chunks.length,
  bytes: chunks.reduce((sum, { size }) => sum + size, 0),
});

/** The digests that revisions refer to, in all collections, including those no longer in the registry. */
class ReferencedChunks {
  readonly #references: ReferencedDigests;
  readonly #store: Store;
  readonly #slots: FairSemaphore;
  readonly #signal: AbortSignal;
  readonly #seen = new Set<string>();

  constructor(store: Store, slots: FairSemaphore, signal: AbortSignal) {
    this.#store = store;
    this.#slots = slots;
    this.#signal = signal;
    this.#references = new ReferencedDigests((digest, isRequired) => this.#page(digest, isRequired));
  }

  get digests(): ReadonlySet<string> {
    return this.#references.digests;
  }

  /** Reads the revisions that are new since the last call. */
  async update(): Promise<void> {
    const entries = await this.#store.list("", { detail: "path", signal: this.#signal });
    // Copies of one collection can have revisions of equal content, of which some are heads.
    const keyOf = (path: string, id: string) => path.slice(0, path.lastIndexOf("/") + 1) + digestOfId(id);
    const files: { child: string; path: string }[] = [];
    const parents = new Set<string>();
    for (const { path } of entries) {
      const ids = parseRevisionPath(path);
      if (!ids) continue;
      parents.add(keyOf(path, ids.parent));
      if (!this.#seen.has(ids.child)) files.push({ child: ids.child, path });
    }
    const isHead = ({ child, path }: (typeof files)[number]) => !parents.has(keyOf(path, child));
    const read = (some: typeof files, hasPages: boolean) => {
      const paths = new Map(some.map(({ child, path }) => [child, path])); // the files of a merge have equal content
      return Promise.all([...paths].map((file) => this.#slots.run(() => this.#read(...file, hasPages))));
    };
    await read(files.filter(isHead), true);
    // A shallow copy does not have those of earlier revisions.
    await read(
      files.filter((file) => !isHead(file)),
      false,
    );
  }

  async #read(child: string, path: string, hasPages: boolean): Promise<void> {
    const get = (reload: boolean) => this.#store.get(path, { signal: this.#signal, reload });
    const first = (await get(false)) ?? (await get(true));
    if (!first && !(await this.#isListed(path))) return; // trimmed since it was listed
    const isIntact = async (bytes: Uint8Array<ArrayBuffer>) => (await sha1(bytes)) === digestOfId(child);
    const bytes = first && !(await isIntact(first)) ? await get(true) : first;
    if (!bytes || !(await isIntact(bytes)))
      throw new LakotaError(
        "corrupt",
        `Revision ${path} in ${this.#store.uri} is ${bytes ? "damaged" : "listed, but missing"}, so no chunk was ` +
          "deleted. Restore it from another copy, or trim it.",
      );
    await this.#references.add(bytes, hasPages);
    this.#seen.add(child);
  }

  /** Reads a page of a tree, to which everything in the table refers. */
  async #page(digest: string, isRequired: boolean): Promise<Bytes | undefined> {
    let found: Bytes | undefined;
    for (const reload of [false, true]) {
      found = await fetchChunk(this.#store, digest, { signal: this.#signal, reload });
      if (found && (await sha1(found)) === digest) return found;
    }
    const path = hashedPath(digest);
    if (!found && !isRequired && !(await this.#isListed(path))) return undefined;
    throw new LakotaError(
      "corrupt",
      `Page ${path} in ${this.#store.uri} is ${found ? "damaged" : "missing"}, so no chunk was deleted. Restore it from ` +
        "another copy, or trim the revisions that refer to it.",
    );
  }

  async #isListed(path: string): Promise<boolean> {
    const entries = await this.#store.list(path, { detail: "path", signal: this.#signal });
    return entries.some((entry) => entry.path === path);
  }
}
