import type { Schema } from "../../model/schema.ts";

/** The collection that a warning is about, and where warnings go. */
export interface WarningContext {
  readonly label: string;
  readonly schema: Schema;
  /** What was reported before, such as a pair of revisions in conflict. Each is reported once. */
  readonly reported: Set<string>;
  warn(message: string): void;
}
