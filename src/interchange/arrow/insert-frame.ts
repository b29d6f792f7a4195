import { tableToIPC } from "apache-arrow";
import { checkArguments } from "../../model/api/arguments.ts";
import type { Frame } from "../../model/frame.ts";
import { toArrow } from "./to-arrow.ts";

/** A connection to DuckDB-wasm: `AsyncDuckDBConnection` or `DuckDBConnection` of `@duckdb/duckdb-wasm`. */
export interface ArrowReceiver {
  insertArrowFromIPCStream(
    buffer: Uint8Array,
    options: { name: string; create: boolean },
  ): Promise<void> | void;
}

/** Options of {@link insertFrame}. */
export interface InsertOptions {
  /** Appends to a table that exists. Default: false; the table is created, and must not exist. */
  append?: boolean;
}

/**
 * Makes a frame a table of DuckDB-wasm. Its columns are copied once, to one buffer in the format of Arrow, whose ownership
 * goes to DuckDB's worker; the page holds no second copy.
 *
 * @throws `invalid-argument` for arguments of other types; `invalid-frame` as `toArrow`; what DuckDB throws, such as for a table that exists
 * @example
 * const connection = await database.connect(); // an AsyncDuckDB of @duckdb/duckdb-wasm
 * await insertFrame(connection, "weather", await series.read());
 * const means = await connection.query("select station, avg(celsius) from weather group by station");
 */
export async function insertFrame(
  connection: ArrowReceiver,
  name: string,
  frame: Frame,
  options: InsertOptions = {},
): Promise<void> {
  checkArguments("insertFrame", connection, name, frame, options);
  const { append = false } = options;
  await connection.insertArrowFromIPCStream(tableToIPC(toArrow(frame), "stream"), { name, create: !append });
}
