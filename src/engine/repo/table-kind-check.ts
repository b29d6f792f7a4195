import type { TableKind } from "../../model/api/table-kind.ts";

/** @throws TypeError for a kind that does not exist, which is explained as all failures are */
export function checkTableKind(kind: TableKind): void {
  if (kind !== "flat" && kind !== "tree") throw new TypeError();
}
