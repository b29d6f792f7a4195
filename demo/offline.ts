import type { Collection, Repo } from "lakota";
import { byId } from "./dom.ts";
import { bytes, count, counted } from "./format.ts";

/** What this device keeps of a collection, with a button to keep all of it and one to let it go. */
export class Offline {
  readonly #box = byId("offline", HTMLElement);
  readonly #says = byId("offline-says", HTMLElement);
  readonly #pin = byId("pin", HTMLButtonElement);
  readonly #unpin = byId("unpin", HTMLButtonElement);
  readonly #failed: (error: unknown) => void;
  #repo: Repo | undefined;
  #collection: Collection | undefined;
  #working: AbortController | undefined;
  /** Which look at what is kept is the last one. */
  #look = 0;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#pin.addEventListener("click", () => void (this.#working ? this.#working.abort() : this.#keep()));
    this.#unpin.addEventListener("click", () => void this.#forget().catch(failed));
  }

  hide(): void {
    this.#working?.abort();
    this.#box.hidden = true;
  }

  async show(repo: Repo, collection: Collection): Promise<void> {
    if (collection !== this.#collection) this.#working?.abort();
    this.#repo = repo;
    this.#collection = collection;
    await this.#tell();
  }

  async #tell(): Promise<void> {
    const [repo, collection] = [this.#repo, this.#collection];
    if (!repo || !collection || this.#working) return;
    const look = ++this.#look;
    const [pinned, all, status] = await Promise.all([collection.pinned(), collection.ls(), repo.status()]);
    if (collection !== this.#collection || this.#working || look !== this.#look) return;
    const kept = pinned.filter((label) => all.includes(label)).length;
    this.#says.textContent = [
      kept > 0 && kept === all.length && `All of "${collection.label}" is kept for use without a network.`,
      kept > 0 &&
        kept < all.length &&
        `${count(kept)} of ${count(all.length)} series are kept for use without a network.`,
      status.pinned > 0 && `Kept for good: ${bytes(status.pinned)}.`,
      status.waiting > 0 &&
        `${counted(status.waiting, "file")} written here will be sent when there is a network.`,
    ]
      .filter(Boolean)
      .join(" ");
    this.#pin.textContent = kept > 0 ? "Bring up to date" : `Keep "${collection.label}" offline`;
    this.#unpin.hidden = kept === 0;
    this.#box.hidden = false;
  }

  async #keep(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#working = new AbortController();
    const { signal } = this.#working;
    this.#pin.textContent = "Stop";
    try {
      await collection.pin({
        signal,
        onProgress: ({ chunks, totalChunks }) => {
          this.#says.textContent = `Fetching ahead: ${chunks} of ${counted(totalChunks, "chunk")}.`;
        },
      });
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    } finally {
      this.#working = undefined;
      await this.#tell();
    }
  }

  async #forget(): Promise<void> {
    await this.#collection?.unpin();
    await this.#tell();
  }
}
