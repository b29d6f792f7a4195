/**
 * How the revisions of a collection store its table of segments.
 *
 * - `flat`: each revision has the whole table, as Python Lakota reads and writes it. Right for up to some thousand series.
 * - `tree`: revisions share the pages of the table that did not change, so that a write costs about the same whatever the
 *   number of series. Python Lakota cannot read such a collection.
 */
export type TableKind = "flat" | "tree";
