import { LakotaError } from "../../model/errors.ts";
import { safeText } from "../output/safe-text.ts";
import { alignedTable, widthsOf } from "../output/table.ts";
import { PLAIN_PLANS, type ResultFormat, type SqlEngine } from "./engine.ts";

/** What is used of `@duckdb/node-api`. Declared here because it may not be installed. */
interface NodeApi {
  DuckDBInstance: { create(path: string): Promise<Instance> };
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

interface Connection {
  run(sql: string): Promise<Result>;
  stream(sql: string): Promise<Result>;
  interrupt(): void;
  closeSync(): void;
}

interface Result {
  columnNames(): string[];
  columnTypes(): { toString(): string }[];
  fetchChunk(): Promise<Chunk | null>;
}

interface Chunk {
  readonly rowCount: number;
  getRows(): unknown[][];
}

/** A column of a result. */
interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** Opens DuckDB of the package `@duckdb/node-api`; undefined where it is not installed. */
export async function openNodeApi(signal: AbortSignal): Promise<SqlEngine | undefined> {
  const api = await import("@duckdb/node-api").catch(() => undefined);
  if (!api) return undefined;
  const { DuckDBInstance } = api as NodeApi;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  const engine: SqlEngine = {
    async define(statements) {
      for (const statement of statements) await connection.run(statement).catch(fail);
    },
    async rows(sql) {
      const rows: Record<string, unknown>[] = [];
      const result = await connection.run(sql).catch(fail);
      const names = result.columnNames();
      for await (const chunk of chunksOf(result))
        for (const row of chunk.getRows())
          rows.push(Object.fromEntries(names.map((name, i) => [name, row[i]])));
      return rows;
    },
    async explain(query) {
      await engine.define([PLAIN_PLANS]);
      const [row] = await engine.rows(`EXPLAIN (FORMAT json) ${query}`);
      await engine.define(["RESET disabled_optimizers"]);
      return String(row?.explain_value);
    },
    async *print(sql, format, header) {
      const result = await connection.stream(sql).catch(fail);
      const types = result.columnTypes();
      const columns = result.columnNames().map((name, i) => ({ name, type: String(types[i]) }));
      const printer = createPrinter(columns, format, header);
      let isEmpty = true;
      for await (const chunk of chunksOf(result)) {
        isEmpty = false;
        yield printer.add(chunk.getRows());
      }
      if (isEmpty) yield printer.add([]);
    },
    async close() {
      signal.removeEventListener("abort", interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
  return engine;
}

async function* chunksOf(result: Result): AsyncGenerator<Chunk> {
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

/** Formats rows; the first call also returns the header. */
interface Printer {
  add(rows: readonly (readonly unknown[])[]): string;
}

function createPrinter(columns: readonly ResultColumn[], format: ResultFormat, header: boolean): Printer {
  if (format === "json") return { add: (rows) => rows.map((row) => `${jsonOf(columns, row)}\n`).join("") };
  const names = columns.map(({ name }) => name);
  const textsOf = (row: readonly unknown[]) => row.map((value, i) => textOf(value, columns[i]!.type));
  let isFirst = true;
  if (format === "csv")
    return {
      add(rows) {
        const lines = [...(isFirst && header ? [names] : []), ...rows.map(textsOf)];
        isFirst = false;
        return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
      },
    };
  const right = columns.map(({ type }) => NUMERIC.test(type));
  let widths: readonly number[] | undefined;
  return {
    add(rows) {
      const cells = rows.map((row) => textsOf(row).map(safeText));
      const texts = names.map((_, i) => cells.map((row) => row[i]!));
      const next = widthsOf(names.map(safeText), texts, widths);
      const table = alignedTable(names.map(safeText), texts, right, widths && { widths: next });
      widths = next;
      return table;
    },
  };
}

const NUMERIC = /INT|DOUBLE|FLOAT|DECIMAL/;
const TIMESTAMP = /^TIMESTAMP(?:_(?:S|MS|NS))?$/;

/** Formats a value as the command prints it elsewhere: times in ISO 8601, NULL as nothing. */
function textOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return TIMESTAMP.test(type) ? `${text.replace(" ", "T")}Z` : text;
}

/** Numbers keep all their digits; missing and infinite ones become null. */
function jsonOf(columns: readonly ResultColumn[], row: readonly unknown[]): string {
  const cells = columns.map(({ name, type }, i) => {
    const value = row[i];
    const isNumber = typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
    const json =
      value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value))
        ? "null"
        : isNumber || typeof value === "boolean" || /^DECIMAL/.test(type)
          ? String(value)
          : JSON.stringify(textOf(value, type));
    return `${JSON.stringify(name)}:${json}`;
  });
  return `{${cells.join(",")}}`;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
