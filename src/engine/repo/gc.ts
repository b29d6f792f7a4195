import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { referencedDigests } from "../../changelog/referenced-chunks.ts";
import { digestOfId, hextime, parseName } from "../../changelog/revision.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { GcOptions, GcReport } from "../../model/api/maintenance.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Entry, Store } from "../../stores/store.ts";

/** Milliseconds for which a chunk is only set aside. */
const GRACE = 600_000;
const CHUNK = /^([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{36})(?:\.([0-9a-f]{11}))?$/;
const REVISION = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36}\/(.+)$/;

/** A chunk file, or a copy of one that was set aside. */
interface ChunkFile extends Entry {
  digest: string;
  /** The name of the chunk, without the time at which it was set aside. */
  home: string;
  /** Epoch milliseconds. */
  asideSince: number | undefined;
}

/** What is to be done, and how much of it there is. */
interface Plan {
  kept: ChunkFile[];
  setAside: ChunkFile[];
  restored: ChunkFile[];
  deleted: ChunkFile[];
  /** Chunks that are, or will be, in their place. */
  homes: Set<string>;
}

/**
 * What {@link Repo.gc} does. Chunks are listed before revisions, so a chunk that a commit brings meanwhile is never taken
 * for one that nobody needs; before anything is deleted, revisions are listed once more. What it counts on: a
 * writer takes less than `grace` from the first chunk to the commit.
 */
export async function gc(
  store: Store,
  { dryRun, grace = GRACE, onProgress }: GcOptions,
  concurrency: number,
  signal: AbortSignal,
): Promise<GcReport> {
  const slots = new FairSemaphore(concurrency);
  const files = await store.list("", { signal });
  const roots = new Roots(store, slots, signal);
  await roots.look();
  const plan = makePlan(files.flatMap(chunkFile), roots.digests, grace);
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
    const suffix = hextime(Date.now());
    await each(plan.restored, ({ path, home }) => store.move(path, home, { signal }));
    await each(plan.setAside, ({ path }) => store.move(path, `${path}.${suffix}`, { signal }));
    await roots.look();
    const isNeeded = ({ digest, home }: ChunkFile) => roots.digests.has(digest) && !plan.homes.has(home);
    const saved = plan.deleted.filter(isNeeded);
    plan.deleted = plan.deleted.filter((chunk) => !isNeeded(chunk));
    plan.kept.push(...saved);
    await each(plan.deleted, ({ path }) => store.delete(path, { signal }));
  }
  return {
    kept: plan.kept.length,
    setAside: count(plan.setAside),
    restored: count(plan.restored),
    deleted: count(plan.deleted),
  };
}

function makePlan(chunks: readonly ChunkFile[], needed: ReadonlySet<string>, grace: number): Plan {
  const homes = new Set(chunks.filter(({ asideSince }) => asideSince === undefined).map(({ path }) => path));
  const plan: Plan = { kept: [], setAside: [], restored: [], deleted: [], homes };
  for (const chunk of chunks) {
    const { asideSince, digest, home } = chunk;
    const isNeeded = needed.has(digest);
    if (asideSince === undefined) (isNeeded ? plan.kept : plan.setAside).push(chunk);
    else if (isNeeded && !homes.has(home)) {
      plan.restored.push(chunk);
      homes.add(home); // of several copies one comes back
    } else if (Date.now() - asideSince > grace) plan.deleted.push(chunk);
    else plan.kept.push(chunk);
  }
  return plan;
}

function chunkFile(entry: Entry): ChunkFile[] {
  const match = CHUNK.exec(entry.path);
  if (!match) return [];
  const [, a, b, rest, time] = match;
  const asideSince = time === undefined ? undefined : Number.parseInt(time, 16);
  return [{ ...entry, digest: `${a}${b}${rest}`, home: `${a}/${b}/${rest}`, asideSince }];
}

const count = (chunks: readonly ChunkFile[]) => ({
  files: chunks.length,
  bytes: chunks.reduce((sum, { size }) => sum + size, 0),
});

/** All that any revision of any collection refers to, also of one that the registry does not name any more. */
class Roots {
  readonly digests = new Set<string>();
  readonly #store: Store;
  readonly #slots: FairSemaphore;
  readonly #signal: AbortSignal;
  readonly #seen = new Set<string>();

  constructor(store: Store, slots: FairSemaphore, signal: AbortSignal) {
    this.#store = store;
    this.#slots = slots;
    this.#signal = signal;
  }

  /** Reads the revisions that were not there before. */
  async look(): Promise<void> {
    const entries = await this.#store.list("", { signal: this.#signal });
    const paths = new Map<string, string>();
    for (const { path } of entries) {
      const child = parseName(REVISION.exec(path)?.[1] ?? "")?.child;
      if (child === undefined || this.#seen.has(child)) continue;
      paths.set(child, path); // of a merge's files one tells all
    }
    await Promise.all([...paths].map(([child, path]) => this.#slots.run(() => this.#read(child, path))));
  }

  async #read(child: string, path: string): Promise<void> {
    const get = (reload: boolean) => this.#store.get(path, { signal: this.#signal, reload });
    const first = await get(false);
    if (!first) return; // trimmed meanwhile
    const isGood = async (bytes: Uint8Array<ArrayBuffer>) => (await sha1(bytes)) === digestOfId(child);
    const bytes = (await isGood(first)) ? first : await get(true);
    if (!bytes || !(await isGood(bytes)))
      throw new LakotaError(
        "corrupt",
        `Revision ${path} in ${this.#store.uri} is damaged, so nothing was collected.`,
      );
    for (const digest of await referencedDigests(bytes)) this.digests.add(digest);
    this.#seen.add(child);
  }
}
