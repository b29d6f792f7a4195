import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { EngineRepo } from "../engine/repo/repo.ts";
import { LakotaError } from "../model/errors.ts";
import { type OpenOptions, openRepo } from "../node.ts";
import { checkFolder } from "./config/check-folder.ts";
import { knownUris, withoutNames } from "./config/remotes.ts";
import type { GlobalValues } from "./options/global-options.ts";
import { chosenRepo } from "./options/repo-uri.ts";
import type { Output } from "./output/output.ts";
import type { Progress } from "./output/progress.ts";
import { plainTable, prettyTable, type Row, type TableColumn } from "./output/table.ts";
import type { CommandSpec } from "./parsing/command-spec.ts";

export interface ContextParts {
  commands: readonly CommandSpec[];
  globals: GlobalValues;
  /** Aborted when the user interrupts the command. */
  signal: AbortSignal;
  stdin: Readable;
  out: Output;
  progress: Progress;
  warn: (message: string) => void;
}

interface RepoOptions {
  /** Caches files in memory. Default: false, since most commands read each file once. */
  cache?: boolean;
  /** Milliseconds before a listing is refreshed. */
  maxAge?: number;
  /** Opens the repo without the write token. */
  readOnly?: boolean;
  /** URIs that replace those of `--repo`. */
  uris?: readonly string[] | undefined;
}

/** What a verb works with: the repo, the global options, and where its output goes. */
export class Context {
  readonly commands: readonly CommandSpec[];
  readonly globals: GlobalValues;
  readonly signal: AbortSignal;
  readonly out: Output;
  readonly progress: Progress;
  readonly warn: (message: string) => void;
  readonly #stdin: Readable;
  #opened: EngineRepo | undefined;

  constructor({ commands, globals, signal, stdin, out, progress, warn }: ContextParts) {
    this.commands = commands;
    this.globals = globals;
    this.signal = signal;
    this.out = out;
    this.progress = progress;
    this.warn = warn;
    this.#stdin = stdin;
  }

  /** The token for writing to a `lakota serve --writable`: `--token`, else LAKOTA_TOKEN. */
  get token(): string | undefined {
    return this.globals.token ?? (process.env.LAKOTA_TOKEN || undefined);
  }

  /** Whether tables are aligned: with `--pretty`, and on a terminal. */
  get isPretty(): boolean {
    return this.globals.pretty === true || this.out.isTerminal;
  }

  /** Returns the URIs of the repo of this command, the nearest first. Names of remotes are replaced. */
  uris(uris = this.globals.repo): Promise<string[]> {
    return withoutNames(chosenRepo(uris, process.env.LAKOTA_REPO));
  }

  /** @throws `not-found` if the repo of this command is named by a word that is neither a remote nor a folder */
  async checkName(): Promise<void> {
    await knownUris(chosenRepo(this.globals.repo, process.env.LAKOTA_REPO));
  }

  /** Opens the repo of this command. Later calls return the same one. */
  async repo(options: RepoOptions = {}): Promise<EngineRepo> {
    const { cache = false, uris, maxAge, readOnly = false } = options;
    if (this.#opened) return this.#opened;
    this.#opened = await this.open(await this.uris(uris), {
      ...(!cache && { cache: false }),
      ...(maxAge !== undefined && { maxAge }),
      ...(!readOnly && { token: this.token }),
    });
    return this.#opened;
  }

  /** Opens another repo, or what else is at an address. To be closed by the caller. */
  async open(uris: readonly string[], options: OpenOptions = {}): Promise<EngineRepo> {
    await Promise.all(uris.map(checkFolder));
    const { timeout, "allow-unverified": allowUnverified } = this.globals;
    const repo = await openRepo(uris.length === 1 ? uris[0]! : uris, {
      onWarning: this.warn,
      ...(timeout !== undefined && { timeout }),
      ...(allowUnverified && { allowUnverified }),
      ...options,
    });
    if (!(repo instanceof EngineRepo))
      throw new LakotaError("internal", "openRepo() did not return an EngineRepo.");
    return repo;
  }

  /** Opens a file, or standard input, as a stream of bytes that is destroyed when the user interrupts. */
  input(file: string | undefined): Readable {
    return addAbortSignal(this.signal, file === undefined ? this.#stdin : createReadStream(file));
  }

  /** Prints a table: as JSON, aligned, or separated by tabs, as the global options and the output say. */
  async table(columns: readonly TableColumn[], rows: readonly Row[]): Promise<void> {
    if (this.globals.json) return this.json(rows);
    await this.out.write((this.isPretty ? prettyTable : plainTable)(columns, rows));
  }

  /** Prints a JSON document on one line. */
  json(value: unknown): Promise<void> {
    return this.out.line(JSON.stringify(value));
  }

  /** Reports what was done: with `--json` the value, else the sentences, and nothing with `--quiet`. */
  async report(value: unknown, sentences: string | readonly string[]): Promise<void> {
    if (this.globals.json) return this.json(value);
    if (this.globals.quiet) return;
    for (const sentence of [sentences].flat()) await this.out.line(sentence);
  }

  /** Returns sentences that only people need: none where the output goes into a pipe. */
  forPeople(...sentences: readonly string[]): readonly string[] {
    return this.out.isTerminal ? sentences : [];
  }

  /** The end of a sentence about a change: the revision that it made, if people read it. */
  asRevision(revision: string | undefined): string {
    return this.out.isTerminal && revision !== undefined ? `, as revision ${revision}` : "";
  }

  /** Waits until files that were fetched are stored in the nearer store of a stack. */
  async settle(): Promise<void> {
    await this.#opened?.store.local?.flush();
  }

  close(): void {
    this.progress.clear();
    this.#opened?.close();
  }
}
