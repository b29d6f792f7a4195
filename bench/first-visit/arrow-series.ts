import type { Table } from "apache-arrow";
import { type Columns, type Context, pictureOf, type Reader, rowsBetween, rowsInRange } from "./peer.ts";

/**
 * Reads a stream of Arrow. Its readers for browsers fetch all of it for any rows.
 */
export function openArrowSeries({ rows }: Context, load: () => Promise<Table>): Reader {
  const all = async (): Promise<Columns> => {
    const table = await load();
    return { t: table.getChild("timestamp")!.toArray(), v: table.getChild("value")!.toArray() };
  };
  return {
    last: async (count) => rowsBetween(await all(), rows - count, rows),
    all,
    range: async (start, stop) => rowsInRange(await all(), start, stop),
    picture: async (points) => pictureOf(await all(), points),
  };
}
