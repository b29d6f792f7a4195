import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { RevisionFile } from "../../changelog/changelog.ts";
import { decodeCommit } from "../../changelog/commit.ts";
import { ancestors, buildLog, type Log } from "../../changelog/log.ts";
import { digestOfId, parseName } from "../../changelog/revision.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { SyncOptions, SyncReport } from "../../model/api/sync.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { hashedPath } from "../../model/layout.ts";
import { fetchChunk } from "../read/chunk-loader.ts";
import type { Registry } from "./registry.ts";

type CollectionReport = SyncReport["collections"][number];

/** Files copied at a time. */
const AT_A_TIME = 16;
/** Bytes of revisions that are held until it is their turn; those beyond are fetched again. */
const HELD = 64 << 20;
/** Milliseconds after which a garbage collection of the target may have taken chunks whose revisions are not there yet. */
const LONG = 300_000;

/** A repo to copy from, or to. */
export interface SyncPeer {
  readonly store: Store;
  readonly registry: Registry;
  /** For checking what is copied. */
  readonly decode: DecodeChunk;
  /** To be called after each change of the store. */
  changed(): Promise<void>;
}

/**
 * Copies what `target` lacks of `source`: of each collection first the chunks, then the revisions, the registry last. So
 * whatever was copied when it ends early is whole, and is not copied again.
 */
export async function sync(
  source: SyncPeer,
  target: SyncPeer,
  options: SyncOptions,
  signal: AbortSignal,
): Promise<SyncReport> {
  const collections = await collectionsOf(source, target, options.labels, signal);
  const copy = new Copy(source, target, options, signal);
  const reports: CollectionReport[] = [];
  try {
    for (const collection of collections) {
      const there = options.labels && (await target.registry.paths({ signal }));
      reports.push(await copy.collection(collection));
      const { label, path, schema } = collection;
      // Whoever has it under another name keeps that.
      if (there && ![...there.values()].includes(path))
        await target.registry.adopt(label, path, schema, { signal });
    }
    if (!options.labels) await copy.collection(source.registry.rows);
  } finally {
    target.registry.refresh();
  }
  await target.changed();
  return { collections: reports };
}

/** @throws `not-found` for a label that the source lacks; `conflict` where both made a collection of one name. */
async function collectionsOf(
  source: SyncPeer,
  target: SyncPeer,
  labels: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<EngineCollection[]> {
  const [own, theirs] = await Promise.all([
    source.registry.paths({ signal }),
    target.registry.paths({ signal }),
  ]);
  const wanted = labels ?? [...own.keys()];
  for (const label of wanted) {
    if (!own.has(label)) throw source.registry.missing(label, own.keys());
    const path = theirs.get(label);
    if (path !== undefined && path !== own.get(label)) {
      const message =
        `Both ${source.store.uri} and ${target.store.uri} have made a collection "${label}", each its own. ` +
        "Rename or delete one of them first. Nothing was copied.";
      throw new LakotaError("conflict", message);
    }
  }
  const found = await Promise.all(wanted.map((label) => source.registry.get(label, { signal })));
  return found.filter((collection) => collection !== undefined);
}

/** One copying from a source to a target. */
class Copy {
  readonly #source: SyncPeer;
  readonly #target: SyncPeer;
  readonly #options: SyncOptions;
  readonly #signal: AbortSignal;
  readonly #slots = new FairSemaphore(AT_A_TIME);
  /** Files of the target, as they were listed at a time. */
  #there: { at: number; paths: Set<string> } | undefined;

  constructor(source: SyncPeer, target: SyncPeer, options: SyncOptions, signal: AbortSignal) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
  }

  async collection(from: EngineCollection): Promise<CollectionReport> {
    const { label, path, changelog } = from;
    const [files, known] = await Promise.all([
      changelog.files(this.#signal),
      this.#target.store.list(`${path}/`, { signal: this.#signal }),
    ]);
    const there = new Set(known.map((entry) => entry.path));
    const wanted = this.#wanted(files, there);
    if (wanted.length === 0) return { label, revisions: 0, chunks: 0, bytes: 0 };
    const log = buildLog(files);
    const byId = new Map(wanted.map((file) => [file.child, file]));
    const whole = new Set(this.#options.shallow ? log.heads : byId.keys());
    const payloads = new Map<string, Bytes>();
    const needed = new Map<string, Column>();
    let room = HELD;
    await this.#each([...byId.values()], async (file) => {
      const payload = await this.#revision(file);
      if (whole.has(file.child)) await addChunks(needed, from, payload);
      if (payload.length > room) return;
      payloads.set(file.child, payload);
      room -= payload.length;
    });

    let lacking = await this.#lacking(needed);
    const chunks = lacking.length;
    const progress = { files: 0, totalFiles: chunks + wanted.length, bytes: 0, label };
    const copied = (bytes: number) => {
      progress.files++;
      progress.bytes += bytes;
      this.#options.onProgress?.({ ...progress });
    };
    for (; lacking.length > 0; lacking = await this.#lacking(needed)) {
      await this.#each(lacking, async ([digest, column]) => {
        const bytes = await this.#chunk(digest, column);
        await this.#target.store.put(hashedPath(digest), bytes, { signal: this.#signal });
        this.#there?.paths.add(hashedPath(digest));
        copied(bytes.length);
      });
    }
    const order = new Map(log.ids.map((id, i) => [id, i]));
    const sorted = [...wanted].sort((a, b) => order.get(a.child)! - order.get(b.child)!);
    await this.#each(sorted, async (file) => {
      const payload = payloads.get(file.child) ?? (await this.#revision(file));
      await this.#target.store.put(file.path, payload, { signal: this.#signal });
      copied(payload.length);
    });
    return { label, revisions: byId.size, chunks, bytes: progress.bytes };
  }

  /** The revision files to copy. */
  #wanted(files: readonly RevisionFile[], there: ReadonlySet<string>): RevisionFile[] {
    const missing = files.filter(({ path }) => !there.has(path));
    if (!this.#options.shallow) return missing;
    const log = buildLog(files);
    // Also those that the source has forgotten: what was built on them links up with them.
    const known = new Set(
      [...there].flatMap((path) => parseName(path.slice(path.lastIndexOf("/") + 1))?.child ?? []),
    );
    const needed = new Set(log.heads.flatMap((head) => linkTo(log, head, known)));
    return missing.filter(({ child }) => needed.has(child));
  }

  /** Runs `work` on all, some at a time; ends at the first error. */
  async #each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    let failed = false;
    const run = async (one: T) => {
      if (failed) return;
      try {
        await work(one);
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    const results = await Promise.allSettled(all.map((one) => this.#slots.run(() => run(one))));
    const failure = results.find((result) => result.status === "rejected");
    if (failure) throw failure.reason;
  }

  async #revision({ path, child }: RevisionFile): Promise<Bytes> {
    const { store } = this.#source;
    for (const reload of [false, true]) {
      const bytes = await store.get(path, { signal: this.#signal, reload });
      if (bytes && (await sha1(bytes)) === digestOfId(child)) return bytes;
    }
    throw new LakotaError(
      "corrupt",
      `Revision ${path} in ${store.uri} is missing, or is not what its name says.`,
    );
  }

  /** Chunks that the target lacks. What it had long ago is looked for again. */
  async #lacking(chunks: ReadonlyMap<string, Column>): Promise<[digest: string, column: Column][]> {
    if (!this.#there || Date.now() - this.#there.at > LONG) {
      const at = Date.now();
      const entries = await this.#target.store.list("", { signal: this.#signal });
      this.#there = { at, paths: new Set(entries.map(({ path }) => path)) };
    }
    const { paths } = this.#there;
    return [...chunks].filter(([digest]) => !paths.has(hashedPath(digest)));
  }

  async #chunk(digest: string, column: Column): Promise<Bytes> {
    for (const reload of [false, true]) {
      const bytes = await fetchChunk(this.#source.store, digest, { signal: this.#signal, reload });
      if (bytes && (await this.#isWell(bytes, digest, column, reload))) return bytes;
    }
    const where = `${hashedPath(digest)} (column "${column.name}") in ${this.#source.store.uri}`;
    throw new LakotaError(
      "corrupt",
      `Chunk ${where} is missing, or is not what its digest says, so the copy was ended.`,
    );
  }

  async #isWell(
    bytes: Bytes,
    digest: string,
    { name, dtype, codecs }: Column,
    again: boolean,
  ): Promise<boolean> {
    try {
      const { verdict } = await this.#source.decode(
        { bytes, name, type: dtype.name, codecs, digest },
        this.#signal,
      );
      // Digests of times in another unit cannot be checked.
      return verdict === "good" || (again && verdict === "unknown");
    } catch (error) {
      if (!(error instanceof LakotaError)) throw error;
      if (error.code === "unsupported-codec") return true; // it need not be understood to be copied
      if (error.code === "corrupt") return false;
      throw error;
    }
  }
}

/** Adds the chunk files that a revision refers to, each with a column that it is of. */
async function addChunks(
  chunks: Map<string, Column>,
  { schema }: EngineCollection,
  payload: Bytes,
): Promise<void> {
  const { table, embedded } = await decodeCommit(payload, schema);
  for (const { digests, length } of table) {
    digests.forEach((digest, i) => {
      if (length > 0 && !embedded.has(digest)) chunks.set(digest, schema.columns[i]!);
    });
  }
}

/** `head`, and the revisions between it and those that are known. */
function linkTo(log: Log, head: string, known: ReadonlySet<string>): string[] {
  const reach = ancestors(log, head);
  if (known.has(head)) return [];
  const link = new Set([head]);
  // Parents come first: what is built on a known revision, or on what is, lies between.
  const after = new Set<string>();
  for (const id of log.ids) {
    if (!reach.has(id) || known.has(id)) continue;
    if (log.parents.get(id)!.some((parent) => known.has(parent) || after.has(parent))) after.add(id);
  }
  for (const id of after) link.add(id);
  return [...link];
}
