import type { Batch, Collection, Repo, Revision, Schema, Series } from "lakota/engine";

/** What methods are called on. */
export interface RepoWorld {
  readonly repo: Repo;
  readonly collection: Collection;
  readonly series: Series;
  /** The revisions of the collection, oldest first. */
  readonly log: readonly Revision[];
  /** URI of another repo. */
  readonly other: string;
}

/** Arguments that are right, without options that a call does not need. */
export type Arguments<World> = (world: World) => readonly unknown[];

/** How a call is made. */
export interface Call<World> {
  readonly args: Arguments<World>;
  /** Makes the call, and uses its result, so that all that it does is done. */
  readonly run: (world: World, args: readonly unknown[]) => unknown;
}

export type Calls<World> = Readonly<Record<string, Call<World>>>;
type Table = Readonly<Record<string, Arguments<RepoWorld>>>;

export const schemaWith = (SchemaClass: typeof Schema) =>
  new SchemaClass({ t: "timestamp*", v: "float", s: "str" });
export const rows = (first: number) => ({
  t: [first, first + 1, first + 2].map((t) => t * 1_000),
  v: [1, 2, 3],
  s: ["a", "b", "c"],
});
/** Calls a function of some object by name, as code without types does. */
export function invoke(target: object, name: string, args: readonly unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, name), target, args);
}

export async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

const methods = (owner: string, target: (world: RepoWorld) => object, table: Table): Calls<RepoWorld> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call<RepoWorld>] => [
      `${owner}.${name}`,
      { args, run: (world, given) => invoke(target(world), name, given) },
    ]),
  );

/** Methods of what exists inside a batch only. */
const inBatch = (owner: string, target: (batch: Batch) => object, table: Table): Calls<RepoWorld> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call<RepoWorld>] => [
      `${owner}.${name}`,
      {
        args,
        run: ({ collection }, given) =>
          collection.batch(async (batch) => {
            await invoke(target(batch), name, given);
          }),
      },
    ]),
  );

export const none: Arguments<unknown> = () => [];

/** Whether options are such that a callback for errors cannot be added. */
function hasErrors(options: unknown): boolean {
  try {
    const isPlain = typeof options === "object" && Object.getPrototypeOf(options) === Object.prototype;
    return !isPlain || "onError" in { ...(options as object) };
  } catch {
    return true;
  }
}

/** Returns the signal of options, unless it has fired or cannot be read. */
function liveSignal(options: object): AbortSignal | undefined {
  try {
    const { signal } = options as { signal?: unknown };
    return signal instanceof AbortSignal && !signal.aborted ? signal : undefined;
  } catch {
    return undefined;
  }
}

const firing = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

/** Watches until there is a change or an error, or the watch has ended. */
function watch(target: "collection" | "series"): Call<RepoWorld> {
  return {
    args: ({ log }) => [() => {}, { every: 1, since: [log[0]] }],
    run: async (world, [listener, options, ...rest]) => {
      const ending = new AbortController();
      let stop: unknown;
      let fail: (error: unknown) => void = () => {};
      const failed = new Promise<never>((_, reject) => {
        fail = reject;
      });
      failed.catch(() => {});
      const called =
        typeof listener !== "function"
          ? listener
          : (...args: unknown[]) => {
              ending.abort();
              return listener(...args);
            };
      const plain = hasErrors(options) ? undefined : { ...(options as object), onError: fail };
      const given = plain ?? options;
      try {
        stop = invoke(world[target], "watch", [called, given, ...rest]);
        const stopping = plain && liveSignal(plain);
        const idle = stopping ? firing(stopping) : world.collection.refresh().then(() => world.repo.verify());
        await Promise.race([failed, firing(ending.signal), idle]);
      } finally {
        if (typeof stop === "function") stop();
      }
    },
  };
}

const repo = (SchemaClass: typeof Schema) =>
  methods("Repo", ({ repo }) => repo, {
    ls: none,
    collection: () => ["c"],
    createCollection: () => [schemaWith(SchemaClass), "made"],
    rename: () => ["c", "renamed"],
    delete: () => ["c"],
    clone: () => ["c", "cloned"],
    gc: none,
    verify: none,
    pull: ({ other }) => [other],
    push: ({ other }) => [other],
    publish: none,
    send: none,
    status: none,
    forget: none,
    close: none,
  });

const collection = methods("Collection", ({ collection }) => collection, {
  ls: none,
  has: () => ["s"],
  downsample: () => [{ series: ["s"], align: true }],
  read: () => [["s"]],
  series: () => ["s"],
  log: none,
  batch: () => [async (batch: Batch) => batch.drop("s")],
  info: () => [{ series: ["s"] }],
  describe: () => [{ title: "T", columns: { v: { unit: "m" } }, series: { s: { tags: ["a"] } } }],
  drop: () => ["s"],
  rename: () => ["s", "renamed"],
  diff: ({ log }) => [log[0], log.at(-1)],
  revert: ({ log }) => [log[1]],
  merge: none,
  trim: none,
  defrag: none,
  pin: none,
  unpin: () => ["s"],
  pinned: none,
  refresh: none,
});

const reads = methods("Series", ({ series }) => series, {
  read: none,
  tail: () => [2],
  length: none,
  downsample: none,
  reduce: () => [{ columns: { v: "(max self.v)" } }],
  info: none,
  describe: () => [{ title: "T", unit: "m", tags: ["a"] }],
  write: () => [rows(9)],
  update: () => [{ t: [2_000], v: [9] }],
  delete: () => [{ start: 2_000 }],
});

/** How each method is called, by its name in the API report. */
export const repoCalls = (SchemaClass: typeof Schema): Calls<RepoWorld> => ({
  ...repo(SchemaClass),
  ...collection,
  ...reads,
  "Collection.watch": watch("collection"),
  "Series.watch": watch("series"),
  "Series.pages": {
    args: none,
    run: ({ series }, args) => drain(invoke(series, "pages", args) as AsyncIterable<unknown>),
  },
  ...inBatch("Batch", (batch) => batch, {
    series: () => ["s"],
    drop: () => ["s"],
    rename: () => ["s", "renamed"],
  }),
  ...inBatch("BatchSeries", (batch) => batch.series("s"), {
    write: () => [rows(9)],
    update: () => [{ t: [2_000], v: [9] }],
    delete: () => [{ start: 2_000 }],
  }),
});
