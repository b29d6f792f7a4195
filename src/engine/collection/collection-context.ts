import type { Changelog } from "../../changelog/changelog.ts";
import type { Schema } from "../../model/schema.ts";
import type { RepoContext } from "./repo-context.ts";

/** What an operation on a collection needs of it. */
export interface CollectionContext {
  readonly label: string;
  readonly schema: Schema;
  /** Folder of the collection in the store. */
  readonly path: string;
  readonly changelog: Changelog;
  readonly repo: RepoContext;
}
