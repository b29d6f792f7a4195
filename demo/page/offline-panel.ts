import type { Collection, Repo } from "lakota";
import { byId } from "./dom.ts";
import { formatBytes, formatCount, formatQuantity } from "./format.ts";

/** What this device keeps of a collection, with a button to keep all of it and one to let it go. */
export class OfflinePanel {
  readonly #box = byId("offline", HTMLElement);
  readonly #status = byId("offline-says", HTMLElement);
  readonly #pin = byId("pin", HTMLButtonElement);
  readonly #unpin = byId("unpin", HTMLButtonElement);
  readonly #failed: (error: unknown) => void;
  #repo: Repo | undefined;
  #collection: Collection | undefined;
  #pinning: AbortController | undefined;
  /** Which look at what is kept is the last one. */
  #updates = 0;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#pin.addEventListener(
      "click",
      () => void (this.#pinning ? this.#pinning.abort() : this.#pinCollection()),
    );
    this.#unpin.addEventListener("click", () => void this.#unpinCollection().catch(failed));
  }

  hide(): void {
    this.#pinning?.abort();
    this.#box.hidden = true;
  }

  async show(repo: Repo, collection: Collection): Promise<void> {
    if (collection !== this.#collection) this.#pinning?.abort();
    this.#repo = repo;
    this.#collection = collection;
    await this.#update();
  }

  async #update(): Promise<void> {
    const [repo, collection] = [this.#repo, this.#collection];
    if (!repo || !collection || this.#pinning) return;
    const look = ++this.#updates;
    const [pinned, all, status] = await Promise.all([collection.pinned(), collection.ls(), repo.status()]);
    if (collection !== this.#collection || this.#pinning || look !== this.#updates) return;
    const kept = pinned.filter((label) => all.includes(label)).length;
    this.#status.textContent = [
      kept > 0 && kept === all.length && `All of "${collection.label}" is kept for use without a network.`,
      kept > 0 &&
        kept < all.length &&
        `${formatCount(kept)} of ${formatCount(all.length)} series are kept for use without a network.`,
      status.pinned > 0 && `Kept for good: ${formatBytes(status.pinned)}.`,
      status.waiting > 0 &&
        `${formatQuantity(status.waiting, "file")} written here will be sent when there is a network.`,
    ]
      .filter(Boolean)
      .join(" ");
    this.#pin.textContent = kept > 0 ? "Bring up to date" : `Keep "${collection.label}" offline`;
    this.#unpin.hidden = kept === 0;
    this.#box.hidden = false;
  }

  async #pinCollection(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#pinning = new AbortController();
    const { signal } = this.#pinning;
    this.#pin.textContent = "Stop";
    try {
      await collection.pin({
        signal,
        onProgress: ({ chunks, totalChunks }) => {
          this.#status.textContent = `Fetching ahead: ${chunks} of ${formatQuantity(totalChunks, "chunk")}.`;
        },
      });
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    } finally {
      this.#pinning = undefined;
      await this.#update();
    }
  }

  async #unpinCollection(): Promise<void> {
    await this.#collection?.unpin();
    await this.#update();
  }
}
