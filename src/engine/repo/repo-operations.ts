import { untilAborted } from "../../async/abort.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import type { GcOptions, GcReport, VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { CallOptions, DryRunOptions } from "../../model/api/options.ts";
import type {
  CloneOptions,
  CloneReport,
  CreateCollectionOptions,
  DeleteReport,
  ForgetOptions,
  RenameOptions,
  RenameReport,
  RepoStatus,
} from "../../model/api/repo.ts";
import type {
  PublishOptions,
  PublishReport,
  RepoAddress,
  SendReport,
  SyncOptions,
  SyncReport,
} from "../../model/api/sync.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { sharedOverviews } from "../overviews/overview-files.ts";
import { collectOverviews } from "../overviews/upkeep/collect.ts";
import { OverviewUpkeep } from "../overviews/upkeep/upkeep.ts";
import { clone } from "./clone.ts";
import { collectIndexPages } from "./collect-index-pages.ts";
import { createCollection } from "./create-collection.ts";
import { deleteCollection } from "./delete-collection.ts";
import { forget } from "./forget.ts";
import { DEFAULT_GRACE, gc } from "./gc.ts";
import { Publisher } from "./publish.ts";
import { type SyncPeer, sync } from "./pull-push.ts";
import { noSuchCollection } from "./registry-errors.ts";
import { renameCollection } from "./rename-collection.ts";
import { Sender } from "./send.ts";
import { readClock } from "./store-clock.ts";
import { verify } from "./verify.ts";

/** Another repo, open for one copy. */
export interface OpenPeer {
  readonly peer: SyncPeer;
  close(): void;
}

/** Everything on a repo but finding collections, as one lazily loaded part: readers never need it. */
export class RepoOperations {
  readonly #own: SyncPeer;
  readonly #context: RepoContext;
  readonly #openPeer: (address: RepoAddress) => Promise<OpenPeer>;
  readonly #sender: Sender;
  readonly #publisher: Publisher;
  readonly #overviews: OverviewUpkeep;

  constructor(own: SyncPeer, context: RepoContext, openPeer: (address: RepoAddress) => Promise<OpenPeer>) {
    const { warn, closed } = context;
    this.#own = own;
    this.#context = context;
    this.#openPeer = openPeer;
    this.#sender = new Sender(own.store, own.registry, warn, closed);
    this.#publisher = new Publisher(own.store, own.registry, warn, closed);
    this.#overviews = new OverviewUpkeep(context);
  }

  readonly noSuchCollection = noSuchCollection;

  createCollection(
    schema: Schema,
    label: string,
    options: CreateCollectionOptions,
  ): Promise<EngineCollection> {
    return createCollection(this.#own.registry, schema, checkName(label), options);
  }

  rename(label: string, to: string, options: RenameOptions): Promise<RenameReport> {
    return renameCollection(this.#own.registry, label, checkName(to), options);
  }

  delete(collection: EngineCollection, options: DryRunOptions): Promise<DeleteReport> {
    return deleteCollection(collection, this.#own.registry, this.#own.store, options);
  }

  /** @param find returns the collection to be cloned */
  async clone(
    find: () => Promise<EngineCollection>,
    to: string,
    options: CloneOptions & DryRunOptions,
  ): Promise<EngineCollection | CloneReport> {
    const name = checkName(to); // before the store is asked for anything
    return clone(await find(), name, this.#own.registry, this.#context, options);
  }

  async gc(options: GcOptions): Promise<GcReport> {
    const { store } = this.#own;
    const { grace = DEFAULT_GRACE, dryRun = false } = options;
    const signal = this.#ending(options.signal);
    const report = await gc(store, options, this.#context.concurrency, signal);
    const now = async () => (dryRun ? Date.now() : (await readClock(store, signal)).earliest());
    const collecting = { grace, now, dryRun, signal };
    const overviews = await collectOverviews(this.#context, () => this.#collections(signal), collecting);
    if (!dryRun) await collectIndexPages(store, collecting);
    return { ...report, overviews };
  }

  verify(options: VerifyOptions): Promise<VerifyReport> {
    const { source, concurrency } = this.#context;
    const { allowUnverified } = source.chunks;
    return verify({ ...this.#own, allowUnverified }, options, concurrency, this.#ending(options.signal));
  }

  pull(from: RepoAddress, options: SyncOptions): Promise<SyncReport> {
    return this.#withPeer(from, (peer) => sync(peer, this.#own, options, this.#ending(options.signal)));
  }

  push(to: RepoAddress, options: SyncOptions): Promise<SyncReport> {
    return this.#withPeer(to, (peer) => sync(this.#own, peer, options, this.#ending(options.signal)));
  }

  async publish({ overviews, onProgress, ...options }: PublishOptions): Promise<PublishReport> {
    const signal = this.#ending(options.signal);
    // Overviews first: readers of the index may look for them.
    const made = overviews
      ? await this.#overviews.makeAll(await this.#collections(signal), { signal, onProgress })
      : undefined;
    const report = await this.#publisher.publish(signal, overviews);
    sharedOverviews(this.#context).expect(this.#publisher.hasOverviews);
    return { ...report, ...(made && { overviews: made }) };
  }

  /** Renews the published index, if there is one, and makes the overviews that a change requires, if there are any. */
  async renewIndex(changed: Changelog | undefined, signal: AbortSignal): Promise<void> {
    await this.#publisher.renew(changed, signal);
    if (changed && this.#publisher.hasOverviews) await this.#overviews.keepUp(changed, signal);
  }

  send({ signal }: CallOptions): Promise<SendReport> {
    return untilAborted(this.#sender.send(), this.#ending(signal));
  }

  /** Merges the collections of files that were sent, in the background. */
  mergeSent(paths: readonly string[]): void {
    this.#sender.merge(paths);
  }

  /** @param end ends all other calls of the repo */
  forget(options: ForgetOptions, end: () => void): Promise<void> {
    throwIfAborted(this.#context.closed);
    return forget(this.#own.store, options, end);
  }

  status(): RepoStatus {
    throwIfAborted(this.#context.closed);
    const { local } = this.#own.store;
    const stats = local?.stats();
    return {
      fetched: stats?.fetchedBytes ?? 0,
      cached: stats?.cachedBytes ?? 0,
      requests: stats?.requests ?? 0,
      kept: stats?.localBytes ?? 0,
      pinned: stats?.pinnedBytes ?? 0,
      waiting: stats?.pending ?? 0,
      online: !local?.stale && globalThis.navigator?.onLine !== false,
      staleSince: local?.stale,
    };
  }

  async #collections(signal: AbortSignal): Promise<EngineCollection[]> {
    const { registry } = this.#own;
    registry.refresh();
    const found = await Promise.all(
      (await registry.ls({ signal })).map((label) => registry.get(label, { signal })),
    );
    return found.filter((collection) => collection !== undefined);
  }

  async #withPeer<T>(address: RepoAddress, work: (peer: SyncPeer) => Promise<T>): Promise<T> {
    throwIfAborted(this.#context.closed);
    const other = await this.#openPeer(address);
    try {
      return await work(other.peer);
    } finally {
      other.close();
    }
  }

  #ending(signal: AbortSignal | undefined): AbortSignal {
    const { closed } = this.#context;
    throwIfAborted(closed);
    return AbortSignal.any(signal ? [closed, signal] : [closed]);
  }
}

/** Returns the name of a collection, without surrounding white space. @throws `invalid-argument` */
function checkName(label: string): string {
  const name = typeof label === "string" ? label.trim() : "";
  if (name !== "") return name;
  throw new LakotaError("invalid-argument", "The label of a collection must be a non-empty text.");
}
