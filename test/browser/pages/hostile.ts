import type { Repo } from "lakota";
import { classCalls } from "../../reliability/class-calls.ts";
import { problemsOf, type Walker } from "../../reliability/hostile-walk.ts";
import type { PublicCall } from "../../reliability/public-api.ts";
import { type Calls, type RepoWorld, repoCalls, rows, schemaWith } from "../../reliability/repo-calls.ts";
import { lakotaFrom } from "./dist.ts";

const { connect, Frame, LakotaError, Schema } = await lakotaFrom("/dist/index.js");

/** Calls after which everything is as before; connect() opens another repo. */
const READS =
  /^connect$|^(new )?(Frame|Schema)\b|\.(ls|collection|status|verify|log|diff|series|refresh|read|tail|pages|length|downsample|reduce|watch)$/;

const calls: Calls<RepoWorld> = {
  ...repoCalls(Schema),
  ...classCalls({ Frame, Schema }),
  connect: {
    args: () => ["memory://", {}],
    async run(_, args) {
      const opened: Repo = await Reflect.apply(connect, undefined, args);
      await opened.ls();
      opened.close();
    },
  },
};

const failures: unknown[] = [];
addEventListener("unhandledrejection", ({ reason }) => failures.push(reason));
addEventListener("error", ({ error, message }) => failures.push(error ?? message));
/** A watch without `onError` warns of each error. */
console.warn = (error: unknown) => {
  if (!(error instanceof LakotaError)) failures.push(error);
};

/** Lets events be dispatched that are due: of rejections that are not handled, for one. */
const nextTask = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });

/** Makes calls on one connection for as long as they do not end it. */
class PageWalker implements Walker<RepoWorld> {
  readonly #isRead: boolean;
  #repo: Repo | undefined;
  #world: RepoWorld | undefined;
  #rows = 0;

  constructor(name: string) {
    this.#isRead = READS.test(name);
  }

  async prepare(): Promise<RepoWorld> {
    this.#world ??= await this.#fill();
    return this.#world;
  }

  codeOf(error: unknown): string | undefined {
    return error instanceof LakotaError ? error.code : undefined;
  }

  async settle(succeeded: boolean): Promise<string | undefined> {
    await nextTask();
    const found = failures.splice(0);
    if (found.length > 0) return `an error is not handled: ${found}`;
    if (succeeded && !this.#isRead) return this.#forget();
    const length = await this.#world?.series.length();
    return length === this.#rows ? undefined : `${length} rows are left of ${this.#rows}`;
  }

  close(): void {
    this.#repo?.close();
  }

  /** Makes the repo as it was, on a new connection if the call has closed the last one. */
  async #fill(): Promise<RepoWorld> {
    this.#repo ??= await connect("memory://", { decoders: 0, maxAge: 0, onWarning: () => {} });
    const repo = this.#repo;
    for (const label of await repo.ls()) await repo.delete(label);
    const collection = await repo.createCollection(schemaWith(Schema), "c");
    const series = collection.series("s");
    await series.write(rows(1));
    await series.write(rows(3));
    this.#rows = await series.length();
    return { repo, collection, series, log: await collection.log(), other: "memory://" };
  }

  async #forget(): Promise<undefined> {
    this.#world = undefined;
    try {
      await this.#repo?.ls();
    } catch (error) {
      if (this.codeOf(error) !== "closed") throw error;
      this.#repo?.close(); // ends its worker
      this.#repo = undefined;
    }
  }
}

/** A third of the calls: test/reliability/hostile-arguments.test.ts makes all of them, and both check arguments by the same code. */
const EVERY = 3;

window.problemsOf = async (call) => {
  const walker = new PageWalker(call.name);
  try {
    return await problemsOf(call, calls[call.name]!, walker, EVERY);
  } finally {
    walker.close();
  }
};
window.callNames = Object.keys(calls);

declare global {
  interface Window {
    /** Makes a call with hostile values for its arguments. Returns what is wrong. */
    problemsOf: (call: PublicCall) => Promise<string[]>;
    callNames: string[];
  }
}
