import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { RevisionFile } from "../../changelog/changelog.ts";
import { type Commit, decodeCommit } from "../../changelog/commit.ts";
import { buildLog } from "../../changelog/log.ts";
import { digestOfId, ROOT } from "../../changelog/revision.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { Problem, VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { rowsOf } from "../../model/column.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";
import { decodeIndex, type PublishedIndex } from "../../stores/http/published-index.ts";
import { hashedPath, INDEX_PATH } from "../../model/layout.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { fetchChunk } from "../read/chunk-loader.ts";
import { gapsOf } from "./history-gaps.ts";
import type { Registry } from "./registry.ts";

/** A repo to look through. */
export interface Verified {
  readonly store: Store;
  readonly registry: Registry;
  readonly decode: DecodeChunk;
}

/** What {@link Repo.verify} does. Nothing that is wrong ends it; an answer that the store refuses does. */
export async function verify(
  repo: Verified,
  options: VerifyOptions,
  concurrency: number,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const inspection = new Inspection(repo, options, concurrency, signal);
  await inspection.run();
  return inspection.report;
}

/** Where a chunk is first referred to. */
interface Place {
  collection: string;
  segment: Segment;
  column: Column;
  revision: string;
}

class Inspection {
  readonly report = {
    collections: 0,
    revisions: 0,
    chunks: 0,
    bytes: 0,
    unchecked: 0,
    problems: [] as Problem[],
  };
  readonly #repo: Verified;
  readonly #options: VerifyOptions;
  readonly #signal: AbortSignal;
  /** Revisions at a time: each may be long. */
  readonly #turns = new FairSemaphore(4);
  readonly #slots: FairSemaphore;
  /** Chunks by digest and encoding. Each is looked at once, however many revisions refer to it. */
  readonly #seen = new Set<string>();
  #done = 0;
  #total = 0;

  constructor(repo: Verified, options: VerifyOptions, concurrency: number, signal: AbortSignal) {
    this.#repo = repo;
    this.#options = options;
    this.#signal = signal;
    this.#slots = new FairSemaphore(concurrency);
  }

  async run(): Promise<void> {
    const { registry } = this.#repo;
    registry.refresh();
    await this.#changelog(registry.rows);
    const there = await this.#orProblem(registry.rows.label, registry.rows.path, () =>
      registry.ls({ signal: this.#signal }),
    );
    const { labels = there ?? [] } = this.#options;
    if (there) for (const label of labels) if (!there.includes(label)) throw registry.missing(label, there);
    const folders = new Map([[registry.rows.path, registry.rows.label]]);
    for (const label of there ? labels : []) {
      const collection = await this.#orProblem(label, registry.rows.path, () =>
        registry.get(label, { signal: this.#signal }),
      );
      if (!collection) continue;
      folders.set(collection.path, label);
      this.report.collections++;
      await this.#changelog(collection);
    }
    await this.#index(folders);
  }

  async #changelog({ label, path, schema, changelog }: EngineCollection): Promise<void> {
    const files = await changelog.files(this.#signal);
    this.#total += files.length;
    for (const { missing, older } of gapsOf(buildLog(files))) {
      const message =
        `Revision ${missing} is missing, and older ones are there: ${older} counts as a head now. ` +
        "Pull it from another copy. (In a shallow copy of unmerged heads all is well.)";
      this.#problem({
        kind: "missing",
        path: `${path}/${missing}`,
        collection: label,
        revision: missing,
        message,
      });
    }
    const byChild = new Map<string, RevisionFile[]>();
    for (const file of files) byChild.set(file.child, [...(byChild.get(file.child) ?? []), file]);
    const look = async (child: string, own: readonly RevisionFile[]) => {
      // A merge has a file for each parent, all of the same bytes: each is checked, one tells all.
      const all = await Promise.all(own.map((file) => this.#revision(label, file)));
      const bytes = all.find((one) => one !== undefined);
      if (!bytes) return;
      this.report.revisions++;
      const read = () => decodeCommit(bytes, schema);
      const commit = await this.#orProblem(label, own[0]!.path, read, child);
      if (commit) await this.#commit(label, schema.columns, child, commit);
    };
    await Promise.all([...byChild].map(([child, own]) => this.#turns.run(() => look(child, own))));
  }

  async #revision(collection: string, { path, child, parent }: RevisionFile): Promise<Bytes | undefined> {
    const bytes = await this.#get(path);
    this.#tell(collection, bytes?.length);
    if (bytes && (await sha1(bytes)) === digestOfId(child)) return bytes;
    const place = { path, collection, revision: child };
    if (bytes) {
      const message = `Revision ${path} is not what its name says. Restore it from another copy.`;
      this.#problem({ kind: "corrupt", ...place, message });
    } else if (await this.#isListed(path)) {
      const after = parent === ROOT ? "the first one" : `after ${parent}`;
      this.#problem({
        kind: "missing",
        ...place,
        message: `Revision ${path} (${after}) is listed, and not there.`,
      });
    }
    return undefined;
  }

  /** Whether a listing still names it: it may have been trimmed meanwhile. */
  async #isListed(path: string): Promise<boolean> {
    const entries = await this.#repo.store.list(path, { signal: this.#signal });
    return entries.some((entry) => entry.path === path);
  }

  async #commit(
    collection: string,
    columns: readonly Column[],
    revision: string,
    commit: Commit,
  ): Promise<void> {
    const work: Promise<void>[] = [];
    for (const segment of commit.table) {
      segment.digests.forEach((digest, i) => {
        const column = columns[i]!;
        const key = [digest, column.dtype.name, ...column.codecs].join();
        if (digest === EMPTY_DIGEST || this.#seen.has(key)) return;
        this.#seen.add(key);
        this.#total++;
        const place = { collection, segment, column, revision };
        work.push(this.#slots.run(() => this.#chunk(digest, commit.embedded.get(digest), place)));
      });
    }
    await Promise.all(work);
  }

  async #chunk(digest: string, embedded: Bytes | undefined, place: Place): Promise<void> {
    const { collection, column, revision, segment } = place;
    const bytes = embedded ?? (await this.#fetch(digest));
    this.report.chunks++;
    this.#tell(collection, embedded ? 0 : bytes?.length);
    const path = hashedPath(digest);
    const where = `${path} (column "${column.name}" of ${collection}/${segment.label})`;
    const bad = (kind: Problem["kind"], message: string) =>
      this.#problem({
        kind,
        path,
        collection,
        series: segment.label,
        column: column.name,
        revision,
        message,
      });
    if (!bytes)
      return bad(
        "missing",
        `Chunk ${where} is missing. Pull it from another copy, or write the range again.`,
      );
    const outcome = await this.#decoded(bytes, column, embedded ? undefined : digest);
    if (outcome === "unchecked") this.report.unchecked++;
    else if (outcome instanceof LakotaError)
      bad("corrupt", `Chunk ${where} cannot be decoded: ${outcome.message}`);
    else if (outcome === "bad") bad("corrupt", `Chunk ${where} is not what its digest says.`);
    else if (outcome !== segment.length)
      bad("corrupt", `Chunk ${where} has ${outcome} rows, and its segment ${segment.length}.`);
  }

  /** Its rows, if it is well. `digest` is undefined for bytes that were verified with their revision. */
  async #decoded(
    bytes: Bytes,
    { name, dtype, codecs }: Column,
    digest: string | undefined,
  ): Promise<number | "bad" | "unchecked" | LakotaError> {
    try {
      const task = { bytes, name, type: dtype.name, codecs, ...(digest && { digest }) };
      const { column, verdict } = await this.#repo.decode(task, this.#signal);
      if (verdict === "bad") return "bad";
      return verdict === "unknown" ? "unchecked" : rowsOf(column, dtype);
    } catch (error) {
      const known = asLakotaError(error);
      if (known.code === "unsupported-codec") return "unchecked";
      if (known.code === "corrupt") return known;
      throw known;
    }
  }

  /** The published index, if there is one: what it names and gives has to be there. */
  async #index(folders: ReadonlyMap<string, string>): Promise<void> {
    const { store } = this.#repo;
    const bytes = await this.#get(INDEX_PATH);
    if (!bytes) return;
    const where = "index";
    const index = await this.#orProblem(where, INDEX_PATH, async () => decodeIndex(bytes, store.uri));
    for (const [folder, entries] of index?.folders ?? []) {
      const collection = folders.get(folder);
      if (collection === undefined) continue;
      const there = new Set(
        (await store.list(`${folder}/`, { signal: this.#signal })).map(({ path }) => path),
      );
      for (const { path } of entries) {
        if (there.has(path) || (await this.#get(path))) continue;
        const message = `The published index names ${path}, which is missing. If it was trimmed, publish anew.`;
        this.#problem({ kind: "missing", path, collection, message });
      }
    }
    if (index) await this.#indexFiles(index);
  }

  async #indexFiles({ files }: PublishedIndex): Promise<void> {
    for (const [path, bytes] of files) {
      if ((await sha1(bytes)) === path.slice(-40)) continue;
      const message = `The published index holds a damaged copy of ${path}. Publish anew.`;
      this.#problem({ kind: "corrupt", path: INDEX_PATH, collection: "index", message });
    }
  }

  #get(path: string): Promise<Bytes | undefined> {
    return this.#repo.store.get(path, { signal: this.#signal, reload: true });
  }

  #fetch(digest: string): Promise<Bytes | undefined> {
    return fetchChunk(this.#repo.store, digest, { signal: this.#signal, reload: true });
  }

  /** What `work` answers; undefined, and a problem, where what it reads is corrupt. */
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
      // A chunk or revision of the registry that was told already ends what needs it.
      if (!this.report.problems.some((problem) => message.includes(problem.path)))
        this.#problem({ kind: "corrupt", path, collection, ...(revision && { revision }), message });
      return undefined;
    }
  }

  #problem(problem: Problem): void {
    this.report.problems.push(problem);
  }

  #tell(label: string, bytes = 0): void {
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
