/** How the rows of a query are printed. */
export type ResultFormat = "csv" | "json" | "table";

/** DuckDB, in whatever form it is installed. */
export interface SqlEngine {
  /** Runs statements that later ones build on, such as views. */
  define(statements: readonly string[]): Promise<void>;
  /** Runs statements that leave nothing behind. Returns the rows of the last one, of which all are in memory. @throws `invalid-argument` */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Returns the plan of a query, as JSON. @throws `invalid-argument` */
  explain(query: string): Promise<string>;
  /** Runs a query, and yields its rows as text as they come. @throws `invalid-argument` */
  print(sql: string, format: ResultFormat, header: boolean): AsyncIterable<string>;
  close(): Promise<void>;
}

/** What is known of empty tables must not shorten a plan, and each table is to be scanned once. */
export const PLAIN_PLANS = "SET disabled_optimizers = 'statistics_propagation,late_materialization'";
