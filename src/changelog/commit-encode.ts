import type { Bytes } from "../model/bytes.ts";
import type { Schema } from "../model/schema.ts";
import type { Commit } from "./commit.ts";
import { encodeRanges, encodeTable, sortedChunks } from "./encode-table.ts";
import { toFlatTable } from "./flat-table-edits.ts";
import { packMap } from "./pack-map.ts";
import { rangeColumns } from "./range-columns.ts";
import { TreeTable } from "./tree/tree-table.ts";

/**
 * Encodes the payload of a revision file. Equal commits give equal bytes. Python reads the keys up to
 * `embedded`.
 */
export async function encodeCommit(commit: Commit, schema: Schema): Promise<Bytes> {
  const { table, touched, about, ancestors, complete } = commit;
  const { exact, ...keys } =
    table instanceof TreeTable
      ? {
          exact: undefined,
          start: forPython(schema),
          root: table.rootBytes,
          pages: sortedChunks(table.pages),
        }
      : await encodeTable(await toFlatTable(table, schema), schema);
  const payload = {
    ...keys,
    ...(touched && {
      touched: touched.file ?? (await encodeRanges(rangeColumns(await touched.load(), schema), schema)),
    }),
    ...(about && { about }),
    ...(ancestors?.length && { ancestors, complete }),
    ...(exact && { exact }),
  };
  return packMap(payload);
}

/**
 * Returns what Python Lakota decodes first: a byte for each index column. It then fails with the name of the codec that marks
 * collections with trees, and not with that of a missing key.
 */
const forPython = (schema: Schema): Record<string, Bytes> =>
  Object.fromEntries(schema.index.map(({ name }) => [name, new Uint8Array(1)]));
