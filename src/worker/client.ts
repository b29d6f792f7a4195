import type {
  Batch,
  CallOptions,
  Collection,
  FrameInput,
  PageOptions,
  RangeOptions,
  ReadOptions,
  Repo,
  RepoStatus,
  Revision,
  Series,
  WriteOptions,
} from "../model/api.ts";
import { LakotaError } from "../model/errors.ts";
import type { Frame } from "../model/frame.ts";
import { Schema } from "../model/schema.ts";
import { Link } from "./link.ts";
import type { ConnectOptions } from "./options.ts";
import type { CollectionInfo, CollectionRef, Hearing, Plain, SeriesRef } from "./protocol.ts";
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

class ClientRepo implements Repo {
  readonly uri: string;
  readonly #link: Link;

  constructor(link: Link, uri: string) {
    this.#link = link;
    this.uri = uri;
  }

  ls(options?: CallOptions): Promise<string[]> {
    return this.#link.call("repoLs", undefined, options);
  }

  async collection(label: string, options?: CallOptions): Promise<Collection> {
    return new ClientCollection(this.#link, await this.#link.call("collection", label, options));
  }

  async createCollection(schema: Schema, label: string, options?: CallOptions): Promise<Collection> {
    const args = { schema: schema.dump(), label };
    return new ClientCollection(this.#link, await this.#link.call("createCollection", args, options));
  }

  status(): Promise<RepoStatus> {
    return this.#link.call("repoStatus", undefined);
  }

  close(): void {
    this.#link.close(this.uri);
  }
}

class ClientCollection implements Collection {
  readonly label: string;
  readonly schema: Schema;
  readonly #link: Link;
  readonly #ref: CollectionRef;

  constructor(link: Link, { label, path, schema }: CollectionInfo) {
    this.label = label;
    this.schema = Schema.load(schema);
    this.#link = link;
    this.#ref = { label, path };
  }

  ls(options?: CallOptions): Promise<string[]> {
    return this.#link.call("ls", this.#ref, options);
  }

  series(label: string): Series {
    return new ClientSeries(this.#link, { collection: this.#ref, label });
  }

  log(options?: CallOptions): Promise<Revision[]> {
    return this.#link.call("log", this.#ref, options);
  }

  refresh(options?: CallOptions): Promise<void> {
    return this.#link.call("refresh", this.#ref, options);
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, options?: CallOptions): Promise<T> {
    const link = this.#link;
    const batch = link.id();
    let open = true;
    const write = async (label: string, frame: FrameInput, options: WriteOptions = {}) => {
      if (!open)
        throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
      const { data, transfer } = packInput(frame);
      return link.call(
        "batchWrite",
        { batch, label, frame: data, options: plain(options) },
        options,
        transfer,
      );
    };
    await link.call("beginBatch", { batch, collection: this.#ref }, options);
    try {
      const result = await work({
        series: (label) => ({ write: (frame, options) => write(label, frame, options) }),
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

class ClientSeries implements Series {
  readonly label: string;
  readonly #link: Link;
  readonly #ref: SeriesRef;

  constructor(link: Link, ref: SeriesRef) {
    this.label = ref.label;
    this.#link = link;
    this.#ref = ref;
  }

  async read(options: ReadOptions = {}): Promise<Frame> {
    return unpackFrame(await this.#link.call("read", { ...this.#ref, options: plain(options) }, options));
  }

  async tail(rows: number, options: Omit<ReadOptions, "limit" | "offset"> = {}): Promise<Frame> {
    return unpackFrame(
      await this.#link.call("tail", { ...this.#ref, rows, options: plain(options) }, options),
    );
  }

  async *pages(options: PageOptions = {}): AsyncIterableIterator<Frame> {
    const pages = this.#link.id();
    try {
      await this.#link.call("openPages", { ...this.#ref, pages, options: plain(options) }, options);
      for (;;) {
        const page = await this.#link.call("nextPage", pages, options);
        if (!page) return;
        yield unpackFrame(page);
      }
    } finally {
      this.#link.tell({ kind: "endPages", pages });
    }
  }

  length(options: RangeOptions = {}): Promise<number> {
    return this.#link.call("length", { ...this.#ref, options: plain(options) }, options);
  }

  async write(frame: FrameInput, options: WriteOptions = {}): Promise<void> {
    const { data, transfer } = packInput(frame);
    await this.#link.call("write", { ...this.#ref, frame: data, options: plain(options) }, options, transfer);
  }
}

function plain<Options extends Hearing>({ signal: _, onProgress: __, ...rest }: Options): Plain<Options> {
  return rest;
}
