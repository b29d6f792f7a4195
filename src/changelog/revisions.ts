import { buildLog, extendLog, type GrowingLog, type Log } from "./log.ts";
import { joinTwins } from "./python/twins.ts";
import { digestOfId, parseName, type RevisionName } from "./revision.ts";

/** What is known about the files of some {@link Revisions}. Their successor takes it over and adds to it. */
interface Index {
  /** By the name of the file; twins are not joined. */
  readonly files: Map<string, RevisionName>;
  /** The only id that has this digest; undefined if there are several. */
  readonly idOfDigest: Map<string, string | undefined>;
  /** Digests of parents that are missing. */
  readonly missing: Set<string>;
  /** The latest id. */
  latest: string;
  /** The revisions that it is about; undefined if it is about none. */
  owner: Revisions | undefined;
}

/**
 * The revision files of one listing, and their tree. It never changes.
 *
 * A writer lists its changelog for each commit, and mostly one file is new. So a listing that only adds files to
 * the last one is neither parsed nor joined again, and its tree is that of the last one with more leaves.
 */
export class Revisions {
  /** All files, twins joined. */
  readonly names: readonly RevisionName[];
  readonly #index: Index;
  #log: GrowingLog | undefined;

  private constructor(names: readonly RevisionName[], index: Index, log?: GrowingLog) {
    this.names = names;
    this.#index = index;
    this.#log = log;
    index.owner = this;
  }

  /**
   * Returns the revisions of a listing.
   *
   * @param names of files; those that are no revisions are ignored
   * @param folder of the files
   * @param last those of an earlier listing of the folder; returned if they are the same
   */
  static of(names: Iterable<string>, folder: string, last?: Revisions): Revisions {
    const known = last && last.#index.owner === last ? last.#index.files : undefined;
    const files: RevisionName[] = [];
    const added: RevisionName[] = [];
    for (const name of names) {
      const file = known?.get(name);
      const parsed = file ?? parseName(name);
      if (!parsed) continue;
      const revision = file ?? { ...parsed, path: `${folder}/${name}` };
      files.push(revision);
      if (!file) added.push(revision);
    }
    const isExtended = known && files.length - added.length === known.size;
    return last && isExtended ? last.with(added) : Revisions.#from(files);
  }

  static #from(files: readonly RevisionName[]): Revisions {
    const names = joinTwins(files);
    const ids = new Set(names.map(({ child }) => child));
    const idOfDigest = new Map<string, string | undefined>();
    let latest = "";
    for (const id of ids) {
      idOfDigest.set(digestOfId(id), idOfDigest.has(digestOfId(id)) ? undefined : id);
      if (id > latest) latest = id;
    }
    const missing = new Set<string>();
    for (const { parent } of names) if (!ids.has(parent)) missing.add(digestOfId(parent));
    const byName = new Map(files.map((file) => [file.name, file]));
    return new Revisions(names, { files: byName, idOfDigest, missing, latest, owner: undefined });
  }

  /** Returns these revisions and those of some more files. */
  with(files: readonly RevisionName[]): Revisions {
    const index = this.#index;
    if (index.owner === this) {
      const added = files.filter(({ name }) => !index.files.has(name));
      if (added.length === 0) return this;
      const isLater = added.every(({ child }, i) => child > (added[i - 1]?.child ?? index.latest));
      if (added.every((file) => addLeaf(file, index))) {
        for (const { child } of added) if (child > index.latest) index.latest = child;
        const log = isLater && this.#log ? extendLog(this.#log, added) : undefined;
        return new Revisions([...this.names, ...added], index, log);
      }
      index.owner = undefined; // some of the files were added
    }
    const all = new Map(this.names.map((file) => [file.name, { ...file, ...parseName(file.name) }]));
    const before = all.size;
    for (const file of files) all.set(file.name, file);
    return all.size === before ? this : Revisions.#from([...all.values()]);
  }

  /** Returns the files that were added to earlier revisions; undefined if these are not those with more files. */
  addedSince(earlier: Revisions): readonly RevisionName[] | undefined {
    // Those that share an index are each the ones before with more files.
    const isLater = earlier.#index === this.#index && earlier.names.length <= this.names.length;
    return isLater ? this.names.slice(earlier.names.length) : undefined;
  }

  /** The tree. @throws `corrupt` as {@link buildLog} */
  get log(): Log {
    this.#log ??= buildLog(this.names);
    return this.#log;
  }
}

/**
 * Adds a file if it adds a revision and changes no other: it has no twin, none of the known revisions was built on
 * it, and its parent, if known, is named by the id that it has now. Returns whether it did.
 */
function addLeaf(file: RevisionName, { files, idOfDigest, missing }: Index): boolean {
  const { parent, child, name } = file;
  const [digest, parentDigest] = [digestOfId(child), digestOfId(parent)];
  if (digest === parentDigest || idOfDigest.has(digest) || missing.has(digest)) return false;
  if (!idOfDigest.has(parentDigest)) missing.add(parentDigest);
  else if (idOfDigest.get(parentDigest) !== parent) return false;
  files.set(name, file);
  idOfDigest.set(digest, child);
  return true;
}
