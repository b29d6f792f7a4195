import type { Changelog } from "../../changelog/changelog.ts";
import type { Schema } from "../../model/schema.ts";
import type { PeerCollection, RepoContext } from "./repo-context.ts";

/** What an operation on a collection needs of it. */
export interface CollectionContext {
  readonly label: string;
  readonly schema: Schema;
  /** Folder of the collection in the store. */
  readonly path: string;
  readonly changelog: Changelog;
  readonly repo: RepoContext;
  /** Its descriptions, once they were asked for: listed again whenever it is. */
  descriptions?: PeerCollection | undefined;
  /** Returns a signal that fires with the caller's, and when the repo is closed. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal;
  /**
   * Runs `work` while no other change of the collection runs in this origin, then reports the change to the
   * repo.
   *
   * @param work gets a signal that fires with the caller's, and when the repo is closed
   */
  exclusively<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}
