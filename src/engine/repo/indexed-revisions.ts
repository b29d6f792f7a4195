import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import type { RevisionName } from "../../changelog/revision.ts";
import type { Revisions } from "../../changelog/revisions.ts";
import { compareStrings } from "../../model/key.ts";
import type { PublishedFiles } from "../../stores/http/published-files.ts";
import type { IndexedFolder, NamedFile } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";
import { countOf, type FolderFiles, validPages } from "./index-draft.ts";
import { listRevisionFiles, withHeads } from "./indexed-files.ts";

/** The files of a changelog, and the revisions that they are, if it knew them itself. */
export interface ChangelogFiles extends FolderFiles {
  readonly revisions?: Revisions | undefined;
}

/**
 * Finds the files of changelogs for the index. It remembers what the index has of them, so that a commit only adds its
 * own files, however many there are.
 */
export class IndexedRevisions {
  readonly #store: Store;
  /** By folder, the revisions whose files the last index has that was stored here. */
  readonly #recorded = new Map<string, Revisions>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Is called with what a stored index has. */
  record(folders: readonly ChangelogFiles[]): void {
    for (const { folder, revisions } of folders) {
      if (revisions) this.#recorded.set(folder, revisions);
      else this.#recorded.delete(folder);
    }
  }

  /** Is called when the index is another one than was stored here last. */
  forget(): void {
    this.#recorded.clear();
  }

  /** Returns the files of a changelog as it knows them itself, or from a listing where it does not. */
  async filesOf(
    { folder, revisions, lastWritten }: Changelog,
    old: PublishedFiles,
    signal: AbortSignal,
  ): Promise<ChangelogFiles> {
    const record = (await old.folder(folder)) ?? { pages: [], names: [] };
    const sizes = new Map(record.names);
    for (const name of lastWritten?.names ?? []) sizes.set(name, lastWritten!.size);
    const written = new Set(lastWritten?.names.map((name) => `${folder}/${name}`));
    const known = (path: string) => (written.has(path) ? lastWritten?.payload : old.file(path));
    const heads = (files: Pick<FolderFiles, "pages" | "names">, log?: Log) =>
      withHeads(this.#store, { ...files, folder }, signal, { log, known });

    const added = revisions && this.#addedTo(record, folder, revisions, sizes);
    if (added) return { ...(await heads(added, revisions.log)), revisions };
    const names = revisions && sizedNames(revisions.names, sizes);
    names?.sort(byName);
    // Pages have the sizes of the files that they list.
    const inPages = names && countOf(validPages(record.pages, names));
    if (names?.slice(inPages).every(([name]) => sizes.has(name)))
      return { ...(await heads({ names }, revisions?.log)), revisions };
    return heads({ names: await listRevisionFiles(this.#store, folder, signal) });
  }

  /** Returns what the index has, and what was added to it. Undefined unless it is known, and after all that pages list. */
  #addedTo(
    { pages, names }: IndexedFolder,
    folder: string,
    revisions: Revisions,
    sizes: ReadonlyMap<string, number>,
  ): Pick<FolderFiles, "pages" | "names"> | undefined {
    const recorded = this.#recorded.get(folder);
    const added = recorded && revisions.addedSince(recorded);
    const [first] = names;
    if (!added?.every(({ name }) => sizes.has(name) && first && name > first[0])) return undefined;
    return { pages, names: [...names, ...sizedNames(added, sizes)].sort(byName) };
  }
}

const sizedNames = (files: readonly RevisionName[], sizes: ReadonlyMap<string, number>): NamedFile[] =>
  files.map(({ name }) => [name, sizes.get(name) ?? 0]);

const byName = ([a]: NamedFile, [b]: NamedFile) => compareStrings(a, b);
