import type { Collection, Repo } from "lakota";
import { byId } from "../page/dom.ts";
import { showTotals } from "../page/read-statistics.ts";

/** Milliseconds between two attempts to reach a store that is offline. */
const RETRY_INTERVAL = 2_000;

/** The indicator at the top right, which shows whether the repository can be reached. */
export class ConnectionStatus {
  readonly #box = byId("connection");
  readonly #text = byId("connection-text");
  readonly #onReconnect: () => void;
  #name = "";
  #repo: Repo | undefined;
  #collection: Collection | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param onReconnect called when a repository that was offline can be reached again */
  constructor(onReconnect: () => void) {
    this.#onReconnect = onReconnect;
    for (const event of ["online", "offline"])
      addEventListener(event, () => void this.show(this.#repo, this.#collection));
  }

  connecting(name: string): void {
    this.#name = name;
    this.#repo = undefined;
    this.#text.textContent = name;
    this.#box.dataset.state = "connecting";
  }

  failed(): void {
    this.#box.dataset.state = "failed";
  }

  async show(repo: Repo | undefined, collection: Collection | undefined): Promise<void> {
    this.#repo = repo;
    this.#collection = collection;
    const status = await repo?.status().catch(() => undefined); // undefined: the repo was closed meanwhile
    if (!status || repo !== this.#repo) return;
    const online = status.online && navigator.onLine;
    this.#box.dataset.state = online ? "open" : "offline";
    this.#text.textContent = online ? this.#name : `${this.#name} (offline)`;
    showTotals(status);
    clearTimeout(this.#retryTimer);
    if (!online && navigator.onLine) this.#retryTimer = setTimeout(() => void this.#retry(), RETRY_INTERVAL);
  }

  /** Requests a listing, which also sends pending writes if the store can be reached again. */
  async #retry(): Promise<void> {
    const [repo, collection] = [this.#repo, this.#collection];
    // Errors are ignored here: the user's own requests report them.
    await collection?.refresh().catch(() => undefined);
    await collection?.log({ limit: 1 }).catch(() => undefined);
    const status = await repo?.status().catch(() => undefined);
    if (repo !== this.#repo || collection !== this.#collection) return;
    if (status?.online) this.#onReconnect();
    else await this.show(repo, collection);
  }
}
