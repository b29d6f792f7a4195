import type { Changelog } from "../../changelog/changelog.ts";
import type { Store } from "../../stores/store.ts";
import type { SharedSummaries } from "../read/chunk-summaries.ts";
import type { ReadSource } from "../read/read-context.ts";
import type { WriterContext } from "../write/chunk-writer.ts";

/** What the collections of one repo share. */
export interface RepoContext extends WriterContext, SharedSummaries {
  readonly store: Store;
  readonly source: ReadSource;
  /** Milliseconds for which a listing is used without asking the store again. */
  readonly maxAge: number;
  /** The changelog of the registry, which offline readers need to find any collection. */
  registryChangelog(): Changelog;
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
