/** How the rows of a query are printed. */
export type ResultFormat = "csv" | "json" | "table";

/** DuckDB, in whatever form it is installed. */
export interface SqlEngine {
  /** Runs statements that later ones build on, such as views. */
  define(statements: readonly string[]): Promise<void>;
  /** Runs statements that leave nothing behind. Returns the rows of the last one, of which all are in memory. @throws `invalid-argument` */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs a query, and yields its rows as text as they come. @throws `invalid-argument` */
  print(sql: string, format: ResultFormat, header: boolean): AsyncIterable<string>;
  close(): Promise<void>;
}
