import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { listFiles, type RevisionFile } from "../../changelog/changelog-queries.ts";
import { decodeCommit } from "../../changelog/decode-commit.ts";
import { buildLog } from "../../changelog/log.ts";
import { isFarAhead } from "../../changelog/next-time.ts";
import { digestOfId, ROOT, timeOf } from "../../changelog/revision.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import type { PublishedIndex } from "../../stores/http/published-index.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { OverviewCheck } from "../overviews/upkeep/check.ts";
import { type ChunkSource, ChunkVerifier } from "./chunk-verifier.ts";
import { allDescriptions } from "./descriptions.ts";
import { gapsOf } from "./history-gaps.ts";
import type { Registry } from "./registry.ts";
import { noSuchCollection } from "./registry-errors.ts";
import { TableVerifier } from "./table-verifier.ts";
import { VerifyProgress } from "./verify-progress.ts";

/** The repo to verify. */
export interface Verified extends ChunkSource {
  readonly registry: Registry;
}

/**
 * Reads and checks everything that revisions refer to: {@link Repo.verify}. Damage is reported, not thrown;
 * errors of the store are thrown.
 */
export async function verify(
  repo: Verified,
  options: VerifyOptions,
  concurrency: number,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const verification = new Verification(repo, options, concurrency, signal);
  await verification.run();
  return verification.report;
}

/** One run of a verification. */
class Verification {
  readonly #repo: Verified;
  readonly #options: VerifyOptions;
  readonly #signal: AbortSignal;
  readonly #progress: VerifyProgress;
  readonly #chunks: ChunkVerifier;
  /** Revisions read at a time. Few, since each may be large. */
  readonly #revisionSlots = new FairSemaphore(4);

  constructor(repo: Verified, options: VerifyOptions, concurrency: number, signal: AbortSignal) {
    this.#repo = repo;
    this.#options = options;
    this.#signal = signal;
    this.#progress = new VerifyProgress(options);
    this.#chunks = new ChunkVerifier(repo, this.#progress, new FairSemaphore(concurrency), signal);
  }

  get report(): VerifyReport {
    return this.#progress.report;
  }

  async run(): Promise<void> {
    const { registry } = this.#repo;
    registry.refresh();
    await this.#changelog(registry.collection);
    const existing = await this.#progress.orProblem(registry.collection.label, registry.collection.path, () =>
      registry.ls({ signal: this.#signal }),
    );
    const { labels = existing ?? [] } = this.#options;
    if (existing)
      for (const label of labels)
        if (!existing.includes(label)) throw noSuchCollection(registry.store.uri, label, existing);
    const folders = new Map([[registry.collection.path, registry.collection.label]]);
    const descriptions =
      (await this.#progress.orProblem(registry.collection.label, registry.collection.path, () =>
        allDescriptions(registry, { signal: this.#signal }),
      )) ?? new Map<string, EngineCollection>();
    const collections: EngineCollection[] = [];
    for (const label of existing ? labels : []) {
      const collection = await this.#progress.orProblem(label, registry.collection.path, () =>
        registry.get(label, { signal: this.#signal }),
      );
      if (!collection) continue;
      folders.set(collection.path, label);
      collections.push(collection);
      this.#progress.report.collections++;
      await this.#changelog(collection);
      const described = descriptions.get(collection.path);
      if (!described) continue;
      folders.set(described.path, label);
      await this.#changelog(described, label);
    }
    await this.#index(folders);
    if (existing) await this.#overviews(collections, !this.#options.labels);
  }

  /** @param label for the report */
  async #changelog(collection: EngineCollection, label = collection.label): Promise<void> {
    const { path, schema, changelog } = collection;
    const files = await listFiles(changelog, this.#signal);
    this.#progress.expect(files.length);
    const log = await this.#progress.orProblem(label, path, async () => buildLog(files));
    const heads = new Set(log && (await changelog.bridged(log, this.#signal)).heads);
    for (const { missing, older } of log ? gapsOf(log) : []) {
      const message = `Revision ${missing} is missing although older ones exist${
        heads.has(older)
          ? `, so ${older} counts as a head. Pull it from another copy. ` +
            "(A shallow copy of unmerged heads looks the same and is intact.)"
          : ". Reads are right, because later revisions record what they were built on. Pull it from another copy."
      }`;
      this.#progress.add({
        kind: "missing",
        path: `${path}/${missing}`,
        collection: label,
        revision: missing,
        message,
      });
    }
    this.#dates(label, files);
    const byChild = new Map<string, RevisionFile[]>();
    for (const file of files) byChild.set(file.child, [...(byChild.get(file.child) ?? []), file]);
    const tables = new TableVerifier(
      { label, schema, store: changelog.store },
      this.#chunks,
      this.#progress,
      this.#signal,
    );
    const check = async (child: string, own: readonly RevisionFile[]) => {
      // A merge has a file for each parent, all with the same bytes. Each is checked; one is decoded.
      const all = await Promise.all(own.map((file) => this.#revision(label, file)));
      const bytes = all.find((payload) => payload !== undefined);
      if (!bytes) return;
      this.#progress.report.revisions++;
      const read = () => decodeCommit(bytes, schema, changelog.store);
      const commit = await this.#progress.orProblem(label, own[0]!.path, read, child);
      if (commit) await tables.check(child, commit);
    };
    await Promise.all([...byChild].map(([child, own]) => this.#revisionSlots.run(() => check(child, own))));
  }

  /** Reports revisions that are dated so far ahead that nothing can be written after them. */
  #dates(collection: string, files: readonly RevisionFile[]): void {
    const now = Date.now();
    for (const { path, child } of files) {
      if (!isFarAhead(child, now)) continue;
      const message =
        `Revision ${path} is dated ${timeOf(child).toISOString()}, more than a day ahead of this machine's clock ` +
        `(${new Date(now).toISOString()}): one of the two clocks was wrong. Its rows can be read, but writes after it ` +
        "are refused. Clone the collection and use the clone, or delete this file and write its rows again.";
      this.#progress.add({ kind: "corrupt", path, collection, revision: child, message });
    }
  }

  async #revision(collection: string, { path, child, parent }: RevisionFile): Promise<Bytes | undefined> {
    const bytes = await this.#get(path);
    this.#progress.read(collection, bytes?.length);
    if (bytes && (await sha1(bytes)) === digestOfId(child)) return bytes;
    const place = { path, collection, revision: child };
    if (bytes) {
      const message = `Revision ${path} does not match its name. Restore it from another copy.`;
      this.#progress.add({ kind: "corrupt", ...place, message });
    } else if (await this.#isListed(path)) {
      const after = parent === ROOT ? "the first one" : `after ${parent}`;
      this.#progress.add({
        kind: "missing",
        ...place,
        message: `Revision ${path} (${after}) is listed but missing. Pull it from another copy.`,
      });
    }
    return undefined;
  }

  /** Returns whether a new listing still contains a file: it may have been trimmed since. */
  async #isListed(path: string): Promise<boolean> {
    const entries = await this.#repo.store.list(path, { signal: this.#signal });
    return entries.some((entry) => entry.path === path);
  }

  /**
   * Checks the published index, if there is one: the files that it lists must exist, and those that it
   * embeds must be intact.
   */
  async #index(folders: ReadonlyMap<string, string>): Promise<void> {
    const { store } = this.#repo;
    const bytes = await this.#get(INDEX_PATH);
    if (!bytes) return;
    const where = "index";
    const published = await this.#progress.orProblem(
      where,
      INDEX_PATH,
      async () => new PublishedFiles(bytes, store.uri, (path) => this.#get(path)),
    );
    if (!published) return;
    for (const [folder, collection] of folders) {
      const entries = (await this.#progress.orProblem(where, INDEX_PATH, () => published.list(folder))) ?? [];
      const present = new Set(
        (await store.list(`${folder}/`, { signal: this.#signal })).map(({ path }) => path),
      );
      for (const { path } of entries) {
        if (present.has(path) || (await this.#get(path))) continue;
        const message = `The published index lists ${path}, which is missing. If it was trimmed, publish again.`;
        this.#progress.add({ kind: "missing", path, collection, message });
      }
    }
    await this.#indexFiles(published.index);
  }

  async #indexFiles({ files }: PublishedIndex): Promise<void> {
    for (const [path, bytes] of files) {
      if ((await sha1(bytes)) === path.slice(-40)) continue;
      const message = `The published index embeds a damaged copy of ${path}. Publish again.`;
      this.#progress.add({ kind: "corrupt", path: INDEX_PATH, collection: "index", message });
    }
  }

  /** @param isWhole whether these are all collections, so that the other overviews are of no current state */
  async #overviews(collections: readonly EngineCollection[], isWhole: boolean): Promise<void> {
    const { registry } = this.#repo;
    const check = new OverviewCheck(registry.collection.repo, this.#signal, (path) => this.#get(path));
    const checked = (label: string, bytes: number) => {
      this.#progress.report.overviews++;
      this.#progress.expect(1);
      this.#progress.read(label, bytes);
    };
    const faults = await check.run(collections, isWhole, checked, (label, work) =>
      this.#progress.orProblem(label, registry.collection.path, work),
    );
    for (const { path, collection, fault } of faults) {
      const message = `Overview ${path} ${fault}. Delete it, and publish with overviews again.`;
      this.#progress.add({ kind: "corrupt", path, collection, message });
    }
  }

  #get(path: string): Promise<Bytes | undefined> {
    return this.#repo.store.get(path, { signal: this.#signal, reload: true });
  }
}
