import type { Collection, Repo } from "lakota";
import { byId } from "../page/dom.ts";
import { showTotals } from "../page/read-statistics.ts";

/** Milliseconds until a store that could not be reached is asked again. */
const RETRY_INTERVAL = 2_000;

/** Whether the repository answers: the dot and the words at the top right. */
export class ConnectionStatus {
  readonly #box = byId("connection", HTMLElement);
  readonly #text = byId("connection-text", HTMLElement);
  readonly #onReconnect: () => void;
  #name = "";
  #repo: Repo | undefined;
  #collection: Collection | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param onBack told when a repository that could not be reached answers again */
  constructor(onBack: () => void) {
    this.#onReconnect = onBack;
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
    const status = await repo?.status().catch(() => undefined); // closed meanwhile
    if (!status || repo !== this.#repo) return;
    const online = status.online && navigator.onLine;
    this.#box.dataset.state = online ? "open" : "offline";
    this.#text.textContent = online ? this.#name : `${this.#name} (offline)`;
    showTotals(status);
    clearTimeout(this.#retryTimer);
    if (!online && navigator.onLine) this.#retryTimer = setTimeout(() => void this.#retry(), RETRY_INTERVAL);
  }

  /** Looks whether the store is back, which also sends what was written meanwhile. */
  async #retry(): Promise<void> {
    const [repo, collection] = [this.#repo, this.#collection];
    // What fails here is told by what the user asks for.
    await collection?.refresh().catch(() => undefined);
    await collection?.log({ limit: 1 }).catch(() => undefined);
    const status = await repo?.status().catch(() => undefined);
    if (repo !== this.#repo || collection !== this.#collection) return;
    if (status?.online) this.#onReconnect();
    else await this.show(repo, collection);
  }
}
