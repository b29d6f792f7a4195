import { encodeColumn } from "../../src/codecs/encode.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { castColumn } from "../../src/model/cast.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { Schema } from "../../src/model/schema.ts";
import type { Store } from "../../src/stores/store.ts";
import { segmentsIn, tableOf } from "../changelog/tables.ts";

export const UNVERIFIED_ROWS = 1_000;
/** The digest of times that were rounded since: no unit fits. */
export const UNVERIFIED_DIGEST = "ab".repeat(20);
export const UNVERIFIED_PATH = hashedPath(UNVERIFIED_DIGEST);
export const timesSchema = new Schema({ t: "timestamp*", v: "float" });

const FIRST = Date.UTC(2026, 0, 1);

/** Irregular times, so that their chunk is a file, and rows to write. */
export const unverifiedRows = {
  t: Array.from({ length: UNVERIFIED_ROWS }, (_, i) => FIRST + 1000 * (i * 1_000 + ((i * 7_919) % 991))),
  v: Array.from({ length: UNVERIFIED_ROWS }, (_, i) => Math.sin(i)),
};

/**
 * Writes a series "s" as Python Lakota does where it rounds times: the digest is that of the times before they
 * were rounded, and the segments are not marked as exact.
 *
 * @param days by which the times differ from those of the segments: 0 for plausible ones
 * @param exact whether a second series "e" claims that the digest is exact
 */
export async function writeUnverifiedTimes(
  store: Store,
  collection: EngineCollection,
  days = 0,
  exact = false,
): Promise<void> {
  await collection.series("s").write(unverifiedRows);
  const { heads, commit } = await collection.state();
  const [segment] = await segmentsIn(commit.table);
  const times = unverifiedRows.t.map((time) => time + days * 86_400_000);
  const column = timesSchema.column("t");
  await store.put(UNVERIFIED_PATH, await encodeColumn(castColumn(column, times), column));
  const { exact: _, ...plain } = { ...segment!, digests: [UNVERIFIED_DIGEST, segment!.digests[1]!] };
  const table = tableOf([...(exact ? [{ ...plain, label: "e", exact }] : []), plain]);
  await collection.changelog.commit({ ...commit, table }, heads);
}
