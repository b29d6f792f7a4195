import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { listFiles, type RevisionFile } from "../../changelog/changelog-queries.ts";
import type { Commit } from "../../changelog/commit.ts";
import { decodeCommit } from "../../changelog/decode-commit.ts";
import { buildLog } from "../../changelog/log.ts";
import { isFarAhead } from "../../changelog/next-time.ts";
import { digestOfId, ROOT, timeOf } from "../../changelog/revision.ts";
import type { LoadedSegments, Segment } from "../../changelog/segment-table.ts";
import { BranchPage } from "../../changelog/tree/page.ts";
import { PageSource } from "../../changelog/tree/page-source.ts";
import { TreeTable } from "../../changelog/tree/tree-table.ts";
import { type VisitedPage, walkPages } from "../../changelog/tree/walk-pages.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { Problem, VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { rowsOf } from "../../model/column.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { hashedPath, INDEX_PATH } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import { fetchChunk } from "../../stores/fetch-chunk.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import type { PublishedIndex } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { OverviewCheck } from "../overviews/upkeep/check.ts";
import { plausibilityOf } from "../read/load.ts";
import { gapsOf } from "./history-gaps.ts";
import type { Registry } from "./registry.ts";
import { noSuchCollection } from "./registry-errors.ts";

/** The repo to verify. */
export interface Verified {
  readonly store: Store;
  readonly registry: Registry;
  readonly decode: DecodeChunk;
  /** Whether reads return every chunk that cannot be verified. */
  readonly allowUnverified: boolean;
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

/** Where a chunk is referred to. */
interface Reference {
  collection: string;
  segment: Segment;
  column: Column;
  isFirstIndex: boolean;
  revision: string;
}

/** What reading a chunk has shown. */
type Finding =
  | {
      /** `reported`: it is damaged or missing, which was reported at once. */
      readonly kind: "intact" | "reported";
    }
  | {
      /** Its digest is neither of its bytes nor of its rows. */
      readonly kind: "inexact";
      /** Whether the digest is that of its times in another unit. */
      readonly isConverted: boolean;
      readonly isPlausible: (segment: Segment) => boolean;
      /** What was reported of it, since segments that refer to it differ. */
      readonly reported: Set<string>;
    };

/** A chunk that is read once for all revisions that refer to it. `finding` is set when it was read. */
interface ChunkCheck {
  reading: Promise<Finding>;
  finding: Finding | undefined;
}

const INTACT: Finding = { kind: "intact" };
const REPORTED: Finding = { kind: "reported" };

/** One run of a verification. */
class Verification {
  readonly report = {
    collections: 0,
    revisions: 0,
    chunks: 0,
    bytes: 0,
    unchecked: 0,
    overviews: 0,
    problems: [] as Problem[],
    unverified: [] as Problem[],
  };
  readonly #repo: Verified;
  readonly #options: VerifyOptions;
  readonly #signal: AbortSignal;
  /** Revisions read at a time. Few, since each may be large. */
  readonly #revisionSlots = new FairSemaphore(4);
  readonly #chunkSlots: FairSemaphore;
  /** Chunks by digest, length and encoding, files and embedded ones. Each is read once. */
  readonly #checks = new Map<string, ChunkCheck>();
  /** Pages and lists of ranges that were read, by digest. */
  readonly #pages = new Set<string>();
  #done = 0;
  #total = 0;

  constructor(repo: Verified, options: VerifyOptions, concurrency: number, signal: AbortSignal) {
    this.#repo = repo;
    this.#options = options;
    this.#signal = signal;
    this.#chunkSlots = new FairSemaphore(concurrency);
  }

  async run(): Promise<void> {
    const { registry } = this.#repo;
    registry.refresh();
    await this.#changelog(registry.collection);
    const existing = await this.#orProblem(registry.collection.label, registry.collection.path, () =>
      registry.ls({ signal: this.#signal }),
    );
    const { labels = existing ?? [] } = this.#options;
    if (existing)
      for (const label of labels)
        if (!existing.includes(label)) throw noSuchCollection(registry.store.uri, label, existing);
    const folders = new Map([[registry.collection.path, registry.collection.label]]);
    const collections: EngineCollection[] = [];
    for (const label of existing ? labels : []) {
      const collection = await this.#orProblem(label, registry.collection.path, () =>
        registry.get(label, { signal: this.#signal }),
      );
      if (!collection) continue;
      folders.set(collection.path, label);
      collections.push(collection);
      this.report.collections++;
      await this.#changelog(collection);
    }
    await this.#index(folders);
    if (existing) await this.#overviews(collections, !this.#options.labels);
  }

  async #changelog({ label, path, schema, changelog }: EngineCollection): Promise<void> {
    const files = await listFiles(changelog, this.#signal);
    this.#total += files.length;
    const log = await this.#orProblem(label, path, async () => buildLog(files));
    const heads = new Set(log && (await changelog.bridged(log, this.#signal)).heads);
    for (const { missing, older } of log ? gapsOf(log) : []) {
      const message = `Revision ${missing} is missing although older ones exist${
        heads.has(older)
          ? `, so ${older} counts as a head. Pull it from another copy. ` +
            "(A shallow copy of unmerged heads looks the same and is intact.)"
          : ". Reads are right, because later revisions record what they were built on. Pull it from another copy."
      }`;
      this.#problem({
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
    // Files are read even where a commit has the same page.
    const pages = {
      embedded: new PageSource(changelog.store, schema, true),
      files: new PageSource(changelog.store, schema, true),
    };
    const check = async (child: string, own: readonly RevisionFile[]) => {
      // A merge has a file for each parent, all with the same bytes. Each is checked; one is decoded.
      const all = await Promise.all(own.map((file) => this.#revision(label, file)));
      const bytes = all.find((payload) => payload !== undefined);
      if (!bytes) return;
      this.report.revisions++;
      const read = () => decodeCommit(bytes, schema, changelog.store);
      const commit = await this.#orProblem(label, own[0]!.path, read, child);
      if (commit) await this.#commit(label, pages, child, commit);
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
      this.#problem({ kind: "corrupt", path, collection, revision: child, message });
    }
  }

  async #revision(collection: string, { path, child, parent }: RevisionFile): Promise<Bytes | undefined> {
    const bytes = await this.#get(path);
    this.#progress(collection, bytes?.length);
    if (bytes && (await sha1(bytes)) === digestOfId(child)) return bytes;
    const place = { path, collection, revision: child };
    if (bytes) {
      const message = `Revision ${path} does not match its name. Restore it from another copy.`;
      this.#problem({ kind: "corrupt", ...place, message });
    } else if (await this.#isListed(path)) {
      const after = parent === ROOT ? "the first one" : `after ${parent}`;
      this.#problem({
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

  async #commit(
    collection: string,
    pages: { readonly embedded: PageSource; readonly files: PageSource },
    revision: string,
    { table, touched }: Commit,
  ): Promise<void> {
    const { columns } = pages.files.schema;
    if (touched?.file !== undefined && !this.#pages.has(touched.file)) {
      this.#pages.add(touched.file);
      await this.#orProblem(collection, hashedPath(touched.file), () => touched.load(this.#signal), revision);
    }
    if (!(table instanceof TreeTable)) {
      for await (const part of table.parts()) await this.#segments(collection, columns, revision, part);
      return;
    }
    const skip = (digest: string, isEmbedded: boolean) => {
      const key = isEmbedded ? `${digest} embedded` : digest;
      const isKnown = this.#pages.has(key);
      this.#pages.add(key);
      return isKnown;
    };
    const visit = async ({ page, isEmbedded }: VisitedPage) => {
      if (!isEmbedded) this.#progress(collection);
      if (page instanceof BranchPage) return;
      for await (const part of page.parts()) await this.#segments(collection, columns, revision, part);
    };
    const onError = (error: unknown, digest: string) =>
      this.#orProblem(collection, hashedPath(digest), async () => Promise.reject(error), revision);
    const sourceOf = (isEmbedded: boolean) => (isEmbedded ? pages.embedded : pages.files);
    await walkPages(table, { skip, visit, onError }, this.#signal, sourceOf);
  }

  async #segments(
    collection: string,
    columns: readonly Column[],
    revision: string,
    { segments, embedded: chunks }: LoadedSegments,
  ): Promise<void> {
    const firstIndex = columns.find(({ index }) => index);
    const work: Promise<void>[] = [];
    for (const segment of segments) {
      segment.digests.forEach((digest, i) => {
        if (digest === EMPTY_DIGEST) return;
        const column = columns[i]!;
        const embedded = chunks.get(digest);
        const key = [digest, !embedded, segment.length, column.dtype.name, ...column.codecs].join();
        const place = { collection, segment, column, revision, isFirstIndex: column === firstIndex };
        const known = this.#checks.get(key);
        if (known?.finding) this.#judge(known.finding, digest, place);
        else if (known) work.push(known.reading.then((finding) => this.#judge(finding, digest, place)));
        else work.push(this.#check(key, digest, embedded, place));
      });
    }
    await Promise.all(work);
  }

  /** Reads a chunk that no other segment has referred to before. */
  async #check(key: string, digest: string, embedded: Bytes | undefined, place: Reference): Promise<void> {
    this.#total++;
    const check: ChunkCheck = {
      reading: this.#chunkSlots.run(() => this.#chunk(digest, embedded, place)),
      finding: undefined,
    };
    this.#checks.set(key, check);
    check.finding = await check.reading;
    this.#judge(check.finding, digest, place);
  }

  async #chunk(digest: string, embedded: Bytes | undefined, place: Reference): Promise<Finding> {
    const { collection, segment } = place;
    const bytes = embedded ?? (await this.#fetch(digest));
    this.report.chunks++;
    this.#progress(collection, embedded ? 0 : bytes?.length);
    const where = nameOf(digest, place);
    if (!bytes) {
      const message = `${where} is missing. Pull it from another copy, or write the range again.`;
      this.#chunkProblem("missing", message, digest, place);
      return REPORTED;
    }
    const outcome = await this.#decoded(bytes, place, embedded ? undefined : digest);
    if (outcome === "unchecked") {
      this.report.unchecked++;
      return INTACT;
    }
    if (outcome instanceof LakotaError)
      this.#chunkProblem("corrupt", `${where} cannot be decoded: ${outcome.message}`, digest, place);
    else if (outcome === "bad") this.#chunkProblem("corrupt", mismatch(where), digest, place);
    else if (typeof outcome === "object") return outcome;
    else if (outcome === segment.length) return INTACT;
    else {
      const message = `${where} has ${outcome} rows, but its segment has ${segment.length}.`;
      this.#chunkProblem("corrupt", message, digest, place);
    }
    return REPORTED;
  }

  /**
   * Returns the number of rows of an intact chunk.
   *
   * @param digest undefined for an embedded chunk, which was verified with its revision
   */
  async #decoded(
    bytes: Bytes,
    { column: { name, dtype, codecs }, segment: { length: rows } }: Reference,
    digest: string | undefined,
  ): Promise<number | "bad" | "unchecked" | LakotaError | Extract<Finding, { kind: "inexact" }>> {
    try {
      const task = { bytes, name, type: dtype.name, codecs, rows, ...(digest && { digest }) };
      const { column, verdict } = await this.#repo.decode({ ...task, exact: true }, this.#signal);
      if (verdict === "good") return rowsOf(column, dtype);
      if (dtype.kind !== "datetime") return "bad";
      const other = await this.#repo.decode(task, this.#signal);
      if (other.verdict === "bad") return "bad";
      const isPlausible = plausibilityOf({ dtype }, other.column);
      return { kind: "inexact", isConverted: other.verdict === "good", isPlausible, reported: new Set() };
    } catch (error) {
      const known = asLakotaError(error);
      if (known.code === "unsupported-codec") return "unchecked";
      if (known.code === "corrupt") return known;
      throw known;
    }
  }

  /** Reports what a chunk means for a segment that refers to it. */
  #judge(finding: Finding, digest: string, place: Reference): void {
    if (finding.kind !== "inexact") return;
    const { isConverted, isPlausible, reported } = finding;
    const { segment, isFirstIndex } = place;
    if (!segment.exact && isConverted) return;
    const isRead = this.#repo.allowUnverified || (isFirstIndex && isPlausible(segment));
    const what = segment.exact ? "corrupt" : isRead ? "plausible" : "refused";
    if (reported.has(what)) return;
    reported.add(what);
    const where = nameOf(digest, place);
    if (segment.exact) this.#chunkProblem("corrupt", mismatch(where), digest, place);
    else this.#chunkProblem("unverified", unverifiedMessage(where, isRead), digest, place, isRead);
  }

  /** @param isWarning whether it is listed apart, as no problem */
  #chunkProblem(
    kind: Problem["kind"],
    message: string,
    digest: string,
    { collection, segment, column, revision }: Reference,
    isWarning = false,
  ): void {
    const place = { collection, series: segment.label, column: column.name, revision };
    const problem = { kind, path: hashedPath(digest), ...place, message };
    if (isWarning) this.report.unverified.push(problem);
    else this.#problem(problem);
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
    const published = await this.#orProblem(
      where,
      INDEX_PATH,
      async () => new PublishedFiles(bytes, store.uri, (path) => this.#get(path)),
    );
    if (!published) return;
    for (const [folder, collection] of folders) {
      const entries = (await this.#orProblem(where, INDEX_PATH, () => published.list(folder))) ?? [];
      const present = new Set(
        (await store.list(`${folder}/`, { signal: this.#signal })).map(({ path }) => path),
      );
      for (const { path } of entries) {
        if (present.has(path) || (await this.#get(path))) continue;
        const message = `The published index lists ${path}, which is missing. If it was trimmed, publish again.`;
        this.#problem({ kind: "missing", path, collection, message });
      }
    }
    await this.#indexFiles(published.index);
  }

  async #indexFiles({ files }: PublishedIndex): Promise<void> {
    for (const [path, bytes] of files) {
      if ((await sha1(bytes)) === path.slice(-40)) continue;
      const message = `The published index embeds a damaged copy of ${path}. Publish again.`;
      this.#problem({ kind: "corrupt", path: INDEX_PATH, collection: "index", message });
    }
  }

  /** @param isWhole whether these are all collections, so that the other overviews are of no current state */
  async #overviews(collections: readonly EngineCollection[], isWhole: boolean): Promise<void> {
    const { registry } = this.#repo;
    const check = new OverviewCheck(registry.collection.repo, this.#signal, (path) => this.#get(path));
    const checked = (label: string, bytes: number) => {
      this.report.overviews++;
      this.#total++;
      this.#progress(label, bytes);
    };
    const faults = await check.run(collections, isWhole, checked, (label, work) =>
      this.#orProblem(label, registry.collection.path, work),
    );
    for (const { path, collection, fault } of faults) {
      const message = `Overview ${path} ${fault}. Delete it, and publish with overviews again.`;
      this.#problem({ kind: "corrupt", path, collection, message });
    }
  }

  #get(path: string): Promise<Bytes | undefined> {
    return this.#repo.store.get(path, { signal: this.#signal, reload: true });
  }

  #fetch(digest: string): Promise<Bytes | undefined> {
    return fetchChunk(this.#repo.store, digest, { signal: this.#signal, reload: true });
  }

  /** Runs `work`. If what it reads is corrupt, records a problem and returns undefined. */
  async #orProblem<T>(
    collection: string,
    path: string,
    work: () => Promise<T>,
    revision?: string,
  ): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { code, message } = asLakotaError(error);
      if (code !== "corrupt" && code !== "invalid-schema" && code !== "not-found") throw error;
      // A problem of the registry that is already reported also fails whatever needs the registry.
      if (!this.report.problems.some((problem) => message.includes(problem.path)))
        this.#problem({ kind: "corrupt", path, collection, ...(revision && { revision }), message });
      return undefined;
    }
  }

  #problem(problem: Problem): void {
    this.report.problems.push(problem);
  }

  #progress(label: string, bytes = 0): void {
    this.report.bytes += bytes;
    const { problems } = this.report;
    this.#options.onProgress?.({
      files: ++this.#done,
      totalFiles: this.#total,
      bytes: this.report.bytes,
      label,
      problems: problems.length,
    });
  }
}

/** Names a chunk in messages. */
const nameOf = (digest: string, { column, collection, segment }: Reference): string =>
  `Chunk ${hashedPath(digest)} (column "${column.name}" of ${collection}/${segment.label})`;

const mismatch = (where: string): string =>
  `${where} does not match its digest. Restore it from another copy, or write the range again.`;

/** @param isRead whether reads return the rows of the chunk all the same */
function unverifiedMessage(where: string, isRead: boolean): string {
  const advice = isRead
    ? "Python Lakota may have rounded its times to the column's unit. Reads return them, with a warning. If they are " +
      "right, write the range again."
    : "It may be damaged, or Python Lakota may have rounded its times to the column's unit. Reads refuse it without " +
      "the option allowUnverified (--allow-unverified). Restore it from another copy, or write the range again.";
  return `${where} cannot be verified: its digest is of other bytes. ${advice}`;
}
