/**
 * Returns the options that read series now, or before a revision.
 *
 * @param before id of the revision. A series may not have existed then: it has no rows
 */
export const readState = (before: string | undefined) => ({
  missing: "empty" as const,
  ...(before !== undefined && { before }),
});
