import type { LsOptions } from "lakota";

/** What lists the labels of a collection, a page at a time. A collection does. */
export interface LabelPages {
  ls(options: Pick<LsOptions, "prefix" | "after" | "limit" | "text" | "signal">): Promise<string[]>;
}
