import type { Bytes } from "../../src/model/bytes.ts";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";

/** Records what is read, and hides the index on request. */
export class WatchedStore extends MemoryStore {
  reads: { path: string; bytes: number }[] = [];
  hidesIndex = false;

  override async get(path: string, options?: GetOptions): Promise<Bytes | undefined> {
    if (this.hidesIndex && path === INDEX_PATH) return undefined;
    const bytes = await super.get(path, options);
    this.reads.push({ path, bytes: bytes?.length ?? 0 });
    return bytes;
  }

  get readOverviews() {
    return this.reads.filter(({ path }) => path.startsWith(OVERVIEWS_FOLDER));
  }

  get readChunks() {
    return this.reads.filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
  }
}
