/**
 * Version 1.28, the last one that contains its reader of Parquet. Later ones load it from a host of DuckDB's when a query
 * needs it.
 */
import { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } from "duckdb-wasm-1.28";
import script from "duckdb-wasm-1.28/dist/duckdb-browser-eh.worker.js?url";
import wasm from "duckdb-wasm-1.28/dist/duckdb-eh.wasm?url";
import type { Columns, Open } from "../peer.ts";

const FILE = "series.parquet";

export const open: Open = async ({ store, source, rows, step }) => {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(script));
  await database.instantiate(new URL(wasm, location.href).href);
  await database.registerFileURL(FILE, `${store}/${source}`, DuckDBDataProtocol.HTTP, false);
  const connection = await database.connect();
  const columns = async (where: string): Promise<Columns> => {
    const table = await connection.query(`SELECT timestamp, value FROM '${FILE}' ${where}`);
    return { t: table.getChild("timestamp")!.toArray(), v: table.getChild("value")!.toArray() };
  };
  return {
    last: (count) => columns(`WHERE timestamp >= ${(rows - count) * step}`),
    all: () => columns(""),
    range: (start, stop) => columns(`WHERE timestamp >= ${start} AND timestamp < ${stop}`),
    picture: async (points) => {
      const table = await connection.query(`
        SELECT count(*)::DOUBLE AS rows, min(value) AS low, max(value) AS high,
          arg_min(timestamp, value)::DOUBLE AS "lowAt", arg_max(timestamp, value)::DOUBLE AS "highAt"
        FROM '${FILE}' GROUP BY timestamp * ${points / 2} // ${rows * step} ORDER BY min(timestamp)`);
      const column = (name: string): Float64Array => table.getChild(name)!.toArray();
      const [count, low, high, lowAt, highAt] = ["rows", "low", "high", "lowAt", "highAt"].map(column);
      const x: number[] = [];
      const y: number[] = [];
      for (let i = 0; i < low!.length; i++) {
        const pair = [
          [lowAt![i]!, low![i]!],
          [highAt![i]!, high![i]!],
        ] as const;
        for (const [at, value] of lowAt![i]! < highAt![i]! ? pair : pair.toReversed()) {
          x.push(at);
          y.push(value);
        }
      }
      return { rows: count!.reduce((sum, rows) => sum + rows, 0), x, y };
    },
  };
};
