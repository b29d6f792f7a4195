import type {
  Batch,
  CallOptions,
  Change,
  ChangeOptions,
  CloneOptions,
  Collection,
  DefragOptions,
  DeleteOptions,
  DiffOptions,
  DryRunOptions,
  FrameInput,
  GcOptions,
  LogOptions,
  PageOptions,
  RangeChange,
  RangeOptions,
  ReadOptions,
  Repo,
  RepoAddress,
  RevisionRef,
  Series,
  SyncOptions,
  TrimOptions,
  WatchOptions,
  WriteOptions,
} from "../model/api.ts";
import { LakotaError } from "../model/errors.ts";
import type { Frame } from "../model/frame.ts";
import { Schema } from "../model/schema.ts";
import { WATCH_EVERY, watchLoop } from "../model/watch.ts";
import { Link } from "./link.ts";
import type { ConnectOptions } from "./options.ts";
import type {
  CollectionInfo,
  CollectionRef,
  Hearing,
  Methods,
  Plain,
  SeriesRef,
  Target,
} from "./protocol.ts";
import { packInput, unpackFrame } from "./wire.ts";

/**
 * Opens a repository whose work is done in a worker of its own: `s3://bucket/prefix`, `https://host/folder`,
 * `indexeddb://name`, `memory://`. An array of URIs stacks stores, the first one nearest. Nothing is fetched before
 * the first call.
 *
 * A worker that crashes rejects what was pending with `crashed`; the next call starts a new one. What was in
 * `memory://` is lost then.
 *
 * @throws `invalid-argument` for a URI that makes no sense; `crashed` where the worker cannot be started.
 * @example
 * const repo = await connect("s3://weather/v1", { region: "eu-west-1", credentials });
 * const frame = await (await repo.collection("temperature")).series("Brussels").tail(100);
 */
export async function connect(uri: string | readonly string[], options: ConnectOptions = {}): Promise<Repo> {
  const link = new Link(uri, options);
  try {
    return new ClientRepo(link, await link.open());
  } catch (error) {
    link.close(String(uri));
    throw error;
  }
}

/** The page's handle on an object in the worker. */
class Remote<On extends keyof Methods> {
  readonly link: Link;
  readonly #target: Target & { on: On };

  constructor(link: Link, target: Target & { on: On }) {
    this.link = link;
    this.#target = target;
  }

  /** Calls a method there, with all arguments but the options. */
  do<Method extends keyof Methods[On]>(
    method: Method & string,
    args: readonly unknown[],
    options: Hearing & object = {},
    transfer?: ArrayBuffer[],
  ): Answer<Methods[On][Method]> {
    const call = { target: this.#target, method, args, options: plain(options) };
    // The worker calls the very method that `method` names, and sends what it answers.
    return this.link.call("invoke", call, options, transfer) as Answer<Methods[On][Method]>;
  }
}

/** Calls a method that takes a frame. */
async function send(
  remote: Pick<Remote<"series">, "do">,
  method: "write" | "update",
  input: FrameInput,
  options?: Hearing,
): Promise<void> {
  const { data: frame, transfer } = packInput(input);
  return remote.do(method, [{ frame }], options, transfer);
}

/** What a method answers: always a promise. */
type Answer<M> = M extends (...args: never[]) => infer Result ? Result : never;

class ClientRepo extends Remote<"repo"> implements Repo {
  readonly uri: string;

  constructor(link: Link, uri: string) {
    super(link, { on: "repo" });
    this.uri = uri;
  }

  ls(options?: CallOptions) {
    return this.do("ls", [], options);
  }

  async collection(label: string, options?: CallOptions) {
    return this.#open(await this.link.call("collection", label, options));
  }

  async createCollection(schema: Schema, label: string, options?: CallOptions) {
    const args = { schema: schema.dump(), label };
    return this.#open(await this.link.call("createCollection", args, options));
  }

  rename(label: string, to: string, options?: ChangeOptions) {
    return this.do("rename", [label, to], options);
  }

  delete(label: string, options?: DryRunOptions) {
    return this.do("delete", [label], options);
  }

  async clone(label: string, to: string, { schema, ...options }: CloneOptions = {}) {
    const args = { label, to, options: plain(options), schema: schema?.dump() };
    return this.#open(await this.link.call("clone", args, options));
  }

  gc(options?: GcOptions) {
    return this.do("gc", [], options);
  }

  pull(from: RepoAddress, options?: SyncOptions) {
    return this.do("pull", [from], options);
  }

  push(to: RepoAddress, options?: SyncOptions) {
    return this.do("push", [to], options);
  }

  status() {
    return this.do("status", []);
  }

  close(): void {
    this.link.close(this.uri);
  }

  #open(info: CollectionInfo): Collection {
    return new ClientCollection(this.link, info);
  }
}

class ClientCollection extends Remote<"collection"> implements Collection {
  readonly label: string;
  readonly schema: Schema;
  readonly #ref: CollectionRef;

  constructor(link: Link, { label, path, schema }: CollectionInfo) {
    const ref = { label, path };
    super(link, { on: "collection", ref });
    this.label = label;
    this.schema = Schema.load(schema);
    this.#ref = ref;
  }

  ls(options?: CallOptions) {
    return this.do("ls", [], options);
  }

  series(label: string): Series {
    return new ClientSeries(this, { collection: this.#ref, label });
  }

  log(options?: LogOptions) {
    return this.do("log", [], options);
  }

  refresh(options?: CallOptions) {
    return this.do("refresh", [], options);
  }

  drop(labels: string | readonly string[], options?: ChangeOptions) {
    return this.do("drop", [labels], options);
  }

  rename(label: string, to: string, options?: ChangeOptions) {
    return this.do("rename", [label, to], options);
  }

  async diff(from: RevisionRef, to: RevisionRef, options: DiffOptions = {}): Promise<RangeChange[]> {
    const args = { ref: this.#ref, from, to, options: plain(options) };
    const changes = await this.link.call("diff", args, options);
    return changes.map(({ rows, ...change }) => ({
      ...change,
      ...(rows && { rows: { removed: unpackFrame(rows.removed), added: unpackFrame(rows.added) } }),
    }));
  }

  revert(to: RevisionRef, options?: ChangeOptions) {
    return this.do("revert", [to], options);
  }

  merge(options?: ChangeOptions) {
    return this.do("merge", [], options);
  }

  trim(options?: TrimOptions) {
    return this.do("trim", [], options);
  }

  defrag(options?: DefragOptions) {
    return this.do("defrag", [], options);
  }

  watch(listener: (change: Change) => void, options: WatchOptions = {}, label?: string) {
    const how = { every: options.every ?? WATCH_EVERY, label };
    return watchLoop(
      (since, signal) => this.do("nextChange", [since], { ...how, signal }),
      listener,
      options,
    );
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    const { link } = this;
    const batch = link.id();
    const remote = new Remote(link, { on: "batch", batch });
    let open = true;
    const during = async (change: () => Promise<void>) => {
      if (open) return change();
      throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
    };
    await link.call("beginBatch", { batch, collection: this.#ref, options: plain(options) }, options);
    try {
      const result = await work({
        series(label) {
          const series = new Remote(link, { on: "batchSeries", batch, label });
          return {
            write: (frame, options) => during(() => send(series, "write", frame, options)),
            update: (frame, options) => during(() => send(series, "update", frame, options)),
            delete: (options) => during(() => series.do("delete", [], options)),
          };
        },
        drop: (labels) => during(() => remote.do("drop", [labels])),
        rename: (label, to) => during(() => remote.do("rename", [label, to])),
      });
      open = false;
      await link.call("commitBatch", batch, options);
      return result;
    } catch (error) {
      link.tell({ kind: "abortBatch", batch });
      throw error;
    } finally {
      open = false;
    }
  }
}

class ClientSeries extends Remote<"series"> implements Series {
  readonly label: string;
  readonly #collection: ClientCollection;
  readonly #ref: SeriesRef;

  constructor(collection: ClientCollection, ref: SeriesRef) {
    super(collection.link, { on: "series", ref });
    this.label = ref.label;
    this.#collection = collection;
    this.#ref = ref;
  }

  async read(options: ReadOptions = {}): Promise<Frame> {
    return unpackFrame(await this.link.call("read", { ...this.#ref, options: plain(options) }, options));
  }

  async tail(rows: number, options: Omit<ReadOptions, "limit" | "offset"> = {}): Promise<Frame> {
    return unpackFrame(
      await this.link.call("tail", { ...this.#ref, rows, options: plain(options) }, options),
    );
  }

  async *pages(options: PageOptions = {}): AsyncIterableIterator<Frame> {
    const pages = this.link.id();
    try {
      await this.link.call("openPages", { ...this.#ref, pages, options: plain(options) }, options);
      for (;;) {
        const page = await this.link.call("nextPage", pages, options);
        if (!page) return;
        yield unpackFrame(page);
      }
    } finally {
      this.link.tell({ kind: "endPages", pages });
    }
  }

  length(options?: RangeOptions) {
    return this.do("length", [], options);
  }

  write(frame: FrameInput, options?: WriteOptions) {
    return send(this, "write", frame, options);
  }

  update(frame: FrameInput, options?: ChangeOptions) {
    return send(this, "update", frame, options);
  }

  delete(options: DeleteOptions) {
    return this.do("delete", [], options);
  }

  watch(listener: (change: Change) => void, options?: WatchOptions) {
    return this.#collection.watch(listener, options, this.label);
  }
}

function plain<Options extends Hearing>({ signal: _, onProgress: __, ...rest }: Options): Plain<Options> {
  return rest;
}
