import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { EngineRepo } from "../engine/repo/repo.ts";
import { LakotaError } from "../model/errors.ts";
import { openRepo } from "../node.ts";
import { CacheStore } from "../stores/cache/cache-store.ts";
import type { GlobalValues } from "./options/global-options.ts";
import type { Output } from "./output/output.ts";
import type { Progress } from "./output/progress.ts";
import { plainTable, prettyTable, type Row, type TableColumn } from "./output/table.ts";
import type { CommandSpec } from "./parsing/command-spec.ts";
import { chosenRepo } from "./targets/repo-uri.ts";

/** What a verb works with. */
export interface ContextParts {
  commands: readonly CommandSpec[];
  globals: GlobalValues;
  /** Fires when the user interrupts. */
  signal: AbortSignal;
  out: Output;
  progress: Progress;
  warn: (message: string) => void;
}

interface RepoOptions {
  /** Keep what is read in memory: for who reads more than once. */
  cache?: boolean;
  /** Milliseconds for which a listing is believed. */
  maxAge?: number;
  /** For reading alone: without the token. */
  readOnly?: boolean;
  /** In place of `--repo`. */
  given?: readonly string[] | undefined;
}

export class Context {
  readonly commands: readonly CommandSpec[];
  readonly globals: GlobalValues;
  readonly signal: AbortSignal;
  readonly out: Output;
  readonly progress: Progress;
  readonly warn: (message: string) => void;
  #opened: EngineRepo | undefined;

  constructor({ commands, globals, signal, out, progress, warn }: ContextParts) {
    this.commands = commands;
    this.globals = globals;
    this.signal = signal;
    this.out = out;
    this.progress = progress;
    this.warn = warn;
  }

  /** What a `lakota serve --writable` asks of those who write. */
  get token(): string | undefined {
    return this.globals.token ?? (process.env.LAKOTA_TOKEN || undefined);
  }

  /** The repo of this command. It reads each file once, so there is no cache unless `cache` says else. */
  async repo(options: RepoOptions = {}): Promise<EngineRepo> {
    const { cache = false, given = this.globals.repo, maxAge, readOnly = false } = options;
    if (this.#opened) return this.#opened;
    const uri = chosenRepo(given, process.env.LAKOTA_REPO);
    const repo = await openRepo(uri, {
      onWarning: this.warn,
      ...(!cache && { cache: false }),
      ...(maxAge !== undefined && { maxAge }),
      ...(!readOnly && { token: this.token }),
    });
    if (!(repo instanceof EngineRepo)) throw new LakotaError("internal", "This is no repo of the engine.");
    this.#opened = repo;
    return repo;
  }

  /** A file, or standard input, as bytes; it ends when the user interrupts. */
  input(file: string | undefined): Readable {
    return addAbortSignal(this.signal, file === undefined ? process.stdin : createReadStream(file));
  }

  /** Prints a table in the form that was asked for. */
  async table(columns: readonly TableColumn[], rows: readonly Row[]): Promise<void> {
    if (this.globals.json) return this.json(rows);
    await this.out.write((this.globals.pretty ? prettyTable : plainTable)(columns, rows));
  }

  /** One JSON document on one line. */
  json(value: unknown): Promise<void> {
    return this.out.line(JSON.stringify(value));
  }

  /** What was done: a report for programs, else sentences for people. */
  async report(value: unknown, sentences: string | readonly string[]): Promise<void> {
    if (this.globals.json) return this.json(value);
    if (this.globals.quiet) return;
    for (const sentence of [sentences].flat()) await this.out.line(sentence);
  }

  /** What was fetched waits to be kept in the nearer store of a stack: a command that went well waits for that. */
  async settle(): Promise<void> {
    const store = this.#opened?.store;
    if (store instanceof CacheStore) await store.flush();
  }

  close(): void {
    this.progress.clear();
    this.#opened?.close();
  }
}
