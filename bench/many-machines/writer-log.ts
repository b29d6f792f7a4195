import { appendFileSync, readFileSync } from "node:fs";

/** A row of a commit. */
export interface LoggedRow {
  readonly label: string;
  readonly time: number;
  readonly writer: number;
  readonly number: number;
}

/** A commit of a writer. One that failed may have been stored all the same. */
export interface LoggedCommit {
  readonly shard: number;
  readonly outcome: "acknowledged" | "failed";
  /** When the outcome was known. */
  readonly at: number;
  readonly rows: readonly LoggedRow[];
}

/** Logged as soon as it is known, as a client would that passes the acknowledgement on. */
export const logCommit = (path: string, commit: LoggedCommit): void =>
  appendFileSync(path, `${JSON.stringify(commit)}\n`);

export const readLog = (path: string): LoggedCommit[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
