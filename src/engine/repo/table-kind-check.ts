import type { TableKind } from "../../model/api/table-kind.ts";
import { LakotaError } from "../../model/errors.ts";

/** @throws `invalid-argument` for a kind that does not exist */
export function checkTableKind(kind: TableKind): void {
  if (kind === "flat" || kind === "tree") return;
  throw new LakotaError("invalid-argument", `table: "${String(kind)}" is neither "flat" nor "tree".`);
}
