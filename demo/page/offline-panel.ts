import type { Collection, Repo } from "lakota";
import { elementsById } from "./dom.ts";
import { formatBytes, formatCount, formatQuantity } from "./format.ts";

/** Shows which part of a collection is pinned on this device, with buttons to pin and to unpin all of it. */
export class OfflinePanel {
  readonly #parts = elementsById({ offline: "*", offlineStatus: "*", pin: "button", unpin: "button" });
  readonly #onError: (error: unknown) => void;
  #repo: Repo | undefined;
  #collection: Collection | undefined;
  /** Labels of all its series; undefined if they are too many to be listed. */
  #labels: readonly string[] | undefined;
  #pinning: AbortController | undefined;
  /** Number of updates started: the result of an older one is dropped. */
  #updates = 0;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#parts.pin.addEventListener(
      "click",
      () => void (this.#pinning ? this.#pinning.abort() : this.#pinCollection()),
    );
    this.#parts.unpin.addEventListener("click", () => void this.#unpinCollection().catch(onError));
  }

  hide(): void {
    this.#pinning?.abort();
    this.#parts.offline.hidden = true;
  }

  /** @param labels of all series of the collection; undefined if they are too many to be listed */
  async show(repo: Repo, collection: Collection, labels: readonly string[] | undefined): Promise<void> {
    if (collection !== this.#collection) this.#pinning?.abort();
    this.#repo = repo;
    this.#collection = collection;
    this.#labels = labels;
    await this.#update();
  }

  async #update(): Promise<void> {
    const [repo, collection] = [this.#repo, this.#collection];
    if (!repo || !collection || this.#pinning) return;
    const update = ++this.#updates;
    const [pinned, status] = await Promise.all([collection.pinned(), repo.status()]);
    if (collection !== this.#collection || this.#pinning || update !== this.#updates) return;
    const all = this.#labels;
    const count = all ? pinned.filter((label) => all.includes(label)).length : pinned.length;
    const of = all ? ` of ${formatCount(all.length)}` : "";
    this.#parts.offlineStatus.textContent = [
      count > 0 && count === all?.length && `All of “${collection.label}” is kept for offline use.`,
      count > 0 && count !== all?.length && `${formatCount(count)}${of} series are kept for offline use.`,
      status.pinned > 0 && `Offline copies take ${formatBytes(status.pinned)}.`,
      status.waiting > 0 &&
        `${formatQuantity(status.waiting, "file")} written offline will be sent when the network is back.`,
    ]
      .filter(Boolean)
      .join(" ");
    this.#parts.pin.textContent = count > 0 ? "Update offline copy" : `Keep “${collection.label}” offline`;
    this.#parts.unpin.hidden = count === 0;
    this.#parts.offline.hidden = false;
  }

  async #pinCollection(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#pinning = new AbortController();
    const { signal } = this.#pinning;
    this.#parts.pin.textContent = "Stop";
    try {
      await collection.pin({
        signal,
        onProgress: ({ chunks, totalChunks }) => {
          this.#parts.offlineStatus.textContent = `Downloading: ${formatCount(chunks)} of ${formatQuantity(totalChunks, "file")}.`;
        },
      });
    } catch (error) {
      if (!signal.aborted) this.#onError(error);
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
