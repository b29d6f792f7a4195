import type { Changelog } from "../../changelog/changelog.ts";
import type { ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import type { Series } from "../../model/api/series.ts";
import type { Schema, SchemaDump } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { SharedSummaries } from "../read/chunk-summaries.ts";
import type { Revalidation, Work } from "../read/read-ahead.ts";
import type { ReadSource } from "../read/read-context.ts";
import type { WriterContext } from "../write/chunk-writer.ts";
import type { Transaction } from "../write/transaction.ts";

/** Another collection of the repo. */
export interface PeerCollection {
  readonly label: string;
  readonly schema: Schema;
  readonly changelog: Changelog;
  series(label: string): Series;
  readState<T>(
    work: Work<T>,
    before: string | undefined,
    signal: AbortSignal | undefined,
    revalidation?: Revalidation<T>,
  ): Promise<T>;
  commit(transaction: Transaction, options: ChangeOptions): Promise<ChangeReport | undefined>;
}

/** What collections need of the registry. */
export interface RegistryAccess {
  /** Its own rows and history. */
  readonly collection: PeerCollection;
  /** Returns the object of a collection: one for all users. */
  open(label: string, entry: { path: string; schema: SchemaDump }): PeerCollection;
}

/** What the collections of one repo share. */
export interface RepoContext extends WriterContext, SharedSummaries {
  readonly store: Store;
  readonly source: ReadSource;
  /** Milliseconds for which a listing is used without asking the store again. */
  readonly maxAge: number;
  registry(): RegistryAccess;
  /** What was reported as a warning, such as a pair of revisions in conflict. Each is reported once. */
  readonly reported: Set<string>;
  warn(message: string): void;
  /**
   * Must be called after each change of the store. Renews the published index, if there is one.
   *
   * @param changelog the one that changed; undefined: any may have changed
   * @throws `aborted` as soon as the signal fires. The index is then renewed in the background
   */
  changed(changelog: Changelog | undefined, signal: AbortSignal): Promise<void>;
  /** Fires when the repo is closed. */
  readonly closed: AbortSignal;
}
