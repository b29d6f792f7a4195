import { settleEach } from "../../async/settle-each.ts";
import { listFiles, type RevisionFile, stateOf } from "../../changelog/changelog-queries.ts";
import type { Commit } from "../../changelog/commit.ts";
import { decodeCommit } from "../../changelog/decode-commit.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { ancestors } from "../../changelog/log-lookup.ts";
import { revisionsForMerge } from "../../changelog/merge-base.ts";
import { digestOfId, parseName, ROOT } from "../../changelog/revision.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import type { SyncOptions, SyncReport } from "../../model/api/sync.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { registerDescriptions } from "../collection/description-store.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { copyOverviews } from "../overviews/upkeep/copy.ts";
import { planRead } from "../read/plan.ts";
import { toRange } from "../read/range.ts";
import { executeRead } from "../read/read.ts";
import { collectionFolders } from "./collection-folders.ts";
import { copySteps } from "./copy-order.ts";
import { adoptCollection } from "./create-collection.ts";
import { allDescriptions } from "./descriptions.ts";
import { KeptPages } from "./kept-pages.ts";
import { newestPages } from "./newest-pages.ts";
import { putInSteps } from "./put-in-steps.ts";
import { inOrder, type ReferencedFile, ReferencedFiles } from "./referenced-files.ts";
import { isCollectionEntry, NAMESPACE, type Registry, rowsOf } from "./registry.ts";
import { noSuchCollection } from "./registry-errors.ts";
import { registeredSchema } from "./table-kind.ts";
import { VerifiedFiles } from "./verified-files.ts";

type CollectionReport = SyncReport["collections"][number];

/** Files copied at a time. */
const CONCURRENCY = 16;
/**
 * Bytes of revisions kept in memory until their chunks are copied. Revisions beyond that are fetched again.
 */
const REVISION_BUFFER = 64 << 20;
/**
 * Milliseconds after which a garbage collection of the target may have deleted chunks whose revisions are
 * not copied yet.
 */
const LISTING_TTL = 300_000;

/** A repo to copy from or to. */
export interface SyncPeer {
  readonly store: Store;
  readonly registry: Registry;
  /** Verifies what is copied. */
  readonly decode: DecodeChunk;
  readonly changed: RepoContext["changed"];
}

/**
 * Copies what `target` lacks of `source`: {@link Repo.pull} and {@link Repo.push}. Copies the chunks of each
 * collection, then its revisions, and the registry last. What an interrupted copy has stored is complete and
 * is not copied again.
 */
export async function sync(
  source: SyncPeer,
  target: SyncPeer,
  options: SyncOptions,
  signal: AbortSignal,
): Promise<SyncReport> {
  // Listed once: a registry that is listed later may name collections that are not copied.
  const registryFiles = await listFiles(source.registry.collection.changelog, signal);
  const collections = await collectionsOf(source, target, registryFiles, options.labels, signal);
  const descriptions = await allDescriptions(source.registry, { signal });
  const copy = new Copy(source, target, options, signal);
  const reports: CollectionReport[] = [];
  try {
    for (const collection of collections) {
      const { label, path, schema, tableKind } = collection;
      const targetPaths = new Set((await collectionFolders(target.registry, { signal })).values());
      const report = await copy.collection(collection, targetPaths.has(path));
      const described = descriptions.get(path);
      reports.push(described ? withCopied(report, await copy.descriptions(described, label)) : report);
      // A target that has the collection under another label keeps that label.
      if (options.labels && !targetPaths.has(path))
        await adoptCollection(target.registry, { label, path, schema, tableKind }, { signal });
      if (options.labels && described) await registerDescriptions(target.registry, path, signal);
    }
    if (!options.labels) await copy.collection(source.registry.collection, true, registryFiles);
  } finally {
    target.registry.refresh();
  }
  const copies = collections.map((collection) => {
    const { label, path, schema, tableKind } = collection;
    const registered = { path, schema: registeredSchema(schema, tableKind) };
    return { source: collection, target: target.registry.open(label, registered) };
  });
  const [from, to] = [source, target].map(({ registry }) => registry.collection.repo);
  const overviews = await copyOverviews(from!, to!, copies, signal);
  await target.changed(undefined, signal);
  return { collections: reports, ...(overviews && { overviews }) };
}

const withCopied = (report: CollectionReport, more: CollectionReport): CollectionReport => ({
  label: report.label,
  revisions: report.revisions + more.revisions,
  chunks: report.chunks + more.chunks,
  bytes: report.bytes + more.bytes,
});

/**
 * Returns the collections to copy.
 *
 * @throws `not-found` for a label that the source lacks; `conflict` if both have another collection of one
 *   label
 */
async function collectionsOf(
  source: SyncPeer,
  target: SyncPeer,
  registryFiles: readonly RevisionFile[],
  labels: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<EngineCollection[]> {
  const [own, theirs] = await Promise.all([
    registeredIn(source.registry, registryFiles, signal),
    collectionFolders(target.registry, { signal }),
  ]);
  const selected = labels ?? [...own.keys()];
  const isReplaced = !labels && (await isOlderCopy(target.registry, registryFiles, signal));
  for (const label of selected) {
    if (!own.has(label)) {
      await source.registry.get(label, { signal }); // throws if its entry is damaged
      throw noSuchCollection(source.store.uri, label, own.keys());
    }
    const path = theirs.get(label);
    if (path !== undefined && path !== own.get(label)!.path && !isReplaced) {
      const message =
        `${source.store.uri} and ${target.store.uri} each have a different collection "${label}". ` +
        "Rename or delete one of them first. Nothing was copied.";
      throw new LakotaError("conflict", message);
    }
  }
  return selected.map((label) => own.get(label)!);
}

/**
 * Returns whether a registry has no revision but those of another one. A copy of the latter then replaces what it
 * shows: a label may have had another collection before.
 */
async function isOlderCopy(
  { collection }: Registry,
  files: readonly RevisionFile[],
  signal: AbortSignal,
): Promise<boolean> {
  const digests = new Set(files.map(({ child }) => digestOfId(child))); // twins have one digest
  return (await listFiles(collection.changelog, signal)).every(({ child }) => digests.has(digestOfId(child)));
}

/** Returns the collections by label that some revisions of a registry show. Leaves out damaged entries. */
async function registeredIn(
  registry: Registry,
  files: readonly RevisionFile[],
  signal: AbortSignal,
): Promise<Map<string, EngineCollection>> {
  const { changelog, schema, repo } = registry.collection;
  const log = buildLog(files);
  const { table } = await stateOf(changelog, log.heads, signal, log);
  const { segments, embedded } = await table.load([NAMESPACE], signal);
  const plan = planRead(segments, schema, toRange(schema, {}));
  const { frame } = await executeRead(plan, { source: repo.source, embedded, signal });
  const rows = [...rowsOf(frame)];
  return new Map(
    rows.flatMap(([label, value]) =>
      isCollectionEntry(value) ? [[label, registry.open(label, value)]] : [],
    ),
  );
}

/** One run of copying from a source to a target. */
class Copy {
  readonly #files: VerifiedFiles;
  readonly #target: SyncPeer;
  readonly #options: SyncOptions;
  readonly #signal: AbortSignal;
  /** Files of the target, and when they were listed. */
  #targetFiles: { at: number; paths: Set<string> } | undefined;

  constructor(source: SyncPeer, target: SyncPeer, options: SyncOptions, signal: AbortSignal) {
    this.#files = new VerifiedFiles(source, signal);
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
  }

  /** Copies the descriptions of a collection. @param label that of the collection */
  descriptions(from: EngineCollection, label: string): Promise<CollectionReport> {
    return this.collection(from, true, undefined, label);
  }

  /**
   * @param isRegistered whether the target has readers of the collection already
   * @param limit revision files beyond which nothing is copied. Default: none
   * @param label for reports
   */
  async collection(
    from: EngineCollection,
    isRegistered: boolean,
    limit?: readonly RevisionFile[],
    label = from.label,
  ): Promise<CollectionReport> {
    const { path, changelog } = from;
    const since = Date.now();
    const [listed, known] = await Promise.all([
      listFiles(changelog, this.#signal),
      this.#target.store.list(`${path}/`, { signal: this.#signal }),
    ]);
    const limits = limit && new Set(limit.map((file) => file.path));
    const files = limits ? listed.filter((file) => limits.has(file.path)) : listed;
    const present = new Set(known.map((entry) => entry.path));
    const missing = this.#missingRevisions(files, present);
    if (missing.length === 0) return { label, revisions: 0, chunks: 0, bytes: 0 };
    const log = buildLog(files);
    const byId = new Map(missing.map((file) => [file.child, file]));
    const whole = new Set(this.#options.shallow ? wholeInShallowCopy(log, from.tableKind) : byId.keys());
    const payloads = new Map<string, Bytes>();
    const recorded = new Map<string, Bytes>();
    let buffer = REVISION_BUFFER;
    const findReferenced = async (kept: KeptPages) => {
      const { paths } = await this.#targetListing();
      const referenced = new ReferencedFiles(from, kept, paths, this.#signal);
      await settleEach([...byId.values()], CONCURRENCY, async (file) => {
        const payload = payloads.get(file.child) ?? (await this.#files.revision(file));
        const isWhole = whole.has(file.child);
        const commit = await this.#commit(payload, from, isWhole);
        if (commit) await referenced.add(commit, isWhole);
        if (commit?.ancestors) recorded.set(file.child, commit.ancestors);
        if (payload.length > buffer || payloads.has(file.child)) return;
        payloads.set(file.child, payload);
        buffer -= payload.length;
      });
      return referenced.files;
    };

    const newest = await newestPages(from, this.#target.registry, known, this.#signal);
    let isKept = true;
    let needed = await findReferenced(newest.pages);
    const progress = { files: 0, totalFiles: missing.length, bytes: 0, label };
    const copied = (bytes: number) => {
      progress.files++;
      progress.bytes += bytes;
      this.#options.onProgress?.({ ...progress });
    };
    let chunks: number | undefined;
    for (;;) {
      const { at, paths } = await this.#targetListing();
      // A trim may have removed what they belong to, and a garbage collection what is below them.
      if (isKept && at >= since && newest.revisions.some((path) => !paths.has(path))) {
        isKept = false;
        needed = await findReferenced(new KeptPages([]));
        continue;
      }
      const lacking = missingFiles(needed, paths);
      if (chunks === undefined) progress.totalFiles += chunks = lacking.length;
      if (lacking.length === 0) break;
      for (const files of inOrder(lacking)) {
        await settleEach(files, CONCURRENCY, async ([digest, file]) => {
          const bytes = await this.#files.file(digest, file, from);
          await this.#target.store.put(hashedPath(digest), bytes, { signal: this.#signal });
          this.#targetFiles?.paths.add(hashedPath(digest));
          copied(bytes.length);
        });
      }
    }
    // Nobody reads a collection that is not registered yet.
    const steps = isRegistered
      ? copySteps({ log, files, missing, present, ancestorsOf: (id) => recorded.get(id) })
      : [missing];
    const expected = new Set([...present, ...missing.map((file) => file.path)]);
    await putInSteps(steps, {
      concurrency: CONCURRENCY,
      fetch: async (file) => payloads.get(file.child) ?? (await this.#files.revision(file)),
      put: async (file, payload) => {
        await this.#target.store.put(file.path, payload, { signal: this.#signal });
        copied(payload.length);
      },
      mayBeConcurrent: async () => !isRegistered || !(await this.#hasOthers(path, expected)),
    });
    return { label, revisions: byId.size, chunks, bytes: progress.bytes };
  }

  /**
   * Returns whether others have added revisions to the target. These may be concurrent with what is copied, so
   * that only one order of copying is right.
   */
  async #hasOthers(folder: string, expected: ReadonlySet<string>): Promise<boolean> {
    const prefix = `${folder}/`;
    const entries = await this.#target.store.list(prefix, { signal: this.#signal, detail: "path" });
    return entries.some(({ path }) => !expected.has(path) && parseName(path.slice(prefix.length)));
  }

  /** Returns the revision files to copy. */
  #missingRevisions(files: readonly RevisionFile[], present: ReadonlySet<string>): RevisionFile[] {
    const missing = files.filter(({ path }) => !present.has(path));
    if (!this.#options.shallow) return missing;
    const log = buildLog(files);
    // Includes revisions that the source has trimmed: later revisions connect to them.
    const known = new Set(
      [...present].flatMap((path) => parseName(path.slice(path.lastIndexOf("/") + 1))?.child ?? []),
    );
    // While the copy is made, readers merge the target's heads with what has arrived.
    const needed = revisionsForMerge(log, [...log.heads, ...latestOf(log, known)]);
    for (const head of log.heads) for (const id of connectingRevisions(log, head, known)) needed.add(id);
    return missing.filter(({ child }) => needed.has(child));
  }

  /** Decodes a revision. Returns undefined if that fails and its content is not `required`. */
  async #commit(
    payload: Bytes,
    { schema, changelog }: EngineCollection,
    required: boolean,
  ): Promise<Commit | undefined> {
    try {
      return await decodeCommit(payload, schema, changelog.store);
    } catch (error) {
      if (required || !(error instanceof LakotaError)) throw error;
      return undefined;
    }
  }

  /** Returns the paths of the target's files. Lists them again if the last listing is old. */
  async #targetListing(): Promise<{ readonly at: number; readonly paths: ReadonlySet<string> }> {
    if (!this.#targetFiles || Date.now() - this.#targetFiles.at > LISTING_TTL) {
      const at = Date.now();
      const entries = await this.#target.store.list("", { signal: this.#signal });
      this.#targetFiles = { at, paths: new Set(entries.map(({ path }) => path)) };
    }
    return this.#targetFiles;
  }
}

/**
 * Returns the revisions of which a shallow copy has all files. Merges read the tables of those without parents: a flat table is
 * in the revision itself.
 */
function wholeInShallowCopy({ heads, ids, parents }: Log, tableKind: TableKind): readonly string[] {
  if (tableKind === "flat") return heads;
  const lacksParent = (id: string) =>
    parents.get(id)!.some((parent) => parent !== ROOT && !parents.has(parent));
  return [...heads, ...ids.filter(lacksParent)];
}

/** Returns the files that the target lacks. */
const missingFiles = (files: ReadonlyMap<string, ReferencedFile>, present: ReadonlySet<string>) =>
  [...files].filter(([digest]) => !present.has(hashedPath(digest)));

/** Returns those of some revisions that are no ancestors of others. Leaves out what the log does not have. */
function latestOf(log: Log, ids: ReadonlySet<string>): string[] {
  const present = log.ids.filter((id) => ids.has(id));
  const older = ancestors(
    log,
    present.flatMap((id) => log.parents.get(id)!),
  );
  return present.filter((id) => !older.has(id));
}

/** Returns `head` and the revisions between it and the known ones. */
function connectingRevisions(log: Log, head: string, known: ReadonlySet<string>): string[] {
  const headAncestors = ancestors(log, head);
  if (known.has(head)) return [];
  // Parents come first: a descendant of a known revision lies between that and the head.
  const between = new Set<string>();
  for (const id of log.ids) {
    if (!headAncestors.has(id) || known.has(id)) continue;
    if (log.parents.get(id)!.some((parent) => known.has(parent) || between.has(parent))) between.add(id);
  }
  return [...between.add(head)];
}
