import type { DuckDBAppender, DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { createPrinter, type ResultFormat } from "./result-printer.ts";
import { valuesOf } from "./vector-values.ts";

/** What is known of empty tables must not shorten a plan, and each table is to be scanned once. */
const PLAIN_PLANS = "SET disabled_optimizers = 'statistics_propagation,late_materialization'";

/** Rows of a data chunk of DuckDB, at most. */
const CHUNK_ROWS = 2_048;

type NodeApi = typeof import("@duckdb/node-api");

/**
 * Opens DuckDB of the package `@duckdb/node-api`, with an empty database in memory; undefined where it is not installed.
 *
 * @param folder where it puts what exceeds its memory. Such files are deleted when it is closed
 */
export async function openDuckDb(folder: string, signal: AbortSignal): Promise<DuckDb | undefined> {
  const api: NodeApi | undefined = await import("@duckdb/node-api").catch(() => undefined);
  if (!api) return undefined;
  const instance = await api.DuckDBInstance.create(":memory:", { temp_directory: folder });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  return new DuckDb(api, connection, () => {
    signal.removeEventListener("abort", interrupt);
    connection.closeSync();
    instance.closeSync();
  });
}

/** A database of DuckDB, for one query. Errors in SQL are `invalid-argument`, with DuckDB's message. */
export class DuckDb {
  readonly #api: NodeApi;
  readonly #connection: DuckDBConnection;
  readonly close: () => void;

  constructor(api: NodeApi, connection: DuckDBConnection, close: () => void) {
    this.#api = api;
    this.#connection = connection;
    this.close = close;
  }

  /** Runs statements that later ones build on, such as views. */
  async define(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.#connection.run(statement).catch(fail);
  }

  /** Returns the rows of a query, of which all are in memory. */
  async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const rows: Record<string, unknown>[] = [];
    const result = await this.#connection.run(sql).catch(fail);
    const names = result.columnNames();
    for await (const chunk of chunksOf(result))
      for (const row of chunk.getRows())
        rows.push(Object.fromEntries(names.map((name, i) => [name, row[i]])));
    return rows;
  }

  /** Returns the plan of a query, as JSON. */
  async explain(query: string): Promise<string> {
    await this.define([PLAIN_PLANS]);
    const [row] = await this.rows(`EXPLAIN (FORMAT json) ${query}`);
    await this.define(["RESET disabled_optimizers"]);
    return String(row?.explain_value);
  }

  /** Appends frames to a table that has their columns, in their order. Copies them column by column, without text between. */
  async append(table: string, schema: string, frames: AsyncIterable<Frame>): Promise<void> {
    const appender = await this.#connection.createAppender(table, schema).catch(fail);
    try {
      const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
      const chunk = this.#api.DuckDBDataChunk.create(types);
      for await (const frame of frames) this.#appendFrame(appender, chunk, frame);
      flush(appender);
    } finally {
      appender.closeSync();
    }
  }

  #appendFrame(
    appender: DuckDBAppender,
    chunk: ReturnType<NodeApi["DuckDBDataChunk"]["create"]>,
    frame: Frame,
  ): void {
    const columns = frame.parts().map((column) => valuesOf(column, this.#api));
    for (let start = 0; start < frame.length; start += CHUNK_ROWS) {
      chunk.reset();
      chunk.rowCount = Math.min(CHUNK_ROWS, frame.length - start);
      try {
        columns.forEach((valueAt, i) => {
          const vector = chunk.getColumnVector(i);
          for (let row = 0; row < vector.itemCount; row++) vector.setItem(row, valueAt(start + row));
          vector.flush();
        });
        appender.appendDataChunk(chunk);
      } catch (error) {
        fail(error);
      }
    }
  }

  /** Runs a query, and yields its rows as text as they come. */
  async *print(sql: string, format: ResultFormat, header: boolean): AsyncGenerator<string> {
    const result = await this.#connection.stream(sql).catch(fail);
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, i) => ({ name, type: String(types[i]) }));
    const printer = createPrinter(columns, format, header);
    let isEmpty = true;
    for await (const chunk of chunksOf(result)) {
      isEmpty = false;
      yield printer.add(chunk.getRows());
    }
    if (isEmpty) yield printer.add([]);
  }
}

function flush(appender: DuckDBAppender): void {
  try {
    appender.flushSync();
  } catch (error) {
    fail(error);
  }
}

async function* chunksOf(result: DuckDBResult) {
  for (;;) {
    const chunk = await result.fetchChunk().catch(fail);
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk;
  }
}

function fail(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new LakotaError("invalid-argument", message, { cause });
}
