import type { Bytes } from "../../../model/bytes.ts";
import { LakotaError } from "../../../model/errors.ts";
import { overviewPath } from "../../../model/overview-path.ts";
import { decodeBlockIndex } from "../block-index.ts";
import { decodeOverview } from "../decode.ts";
import type { Overview } from "../overview.ts";
import { isIntact } from "../overview-file.ts";
import { packKey } from "../packed-key.ts";
import { OverviewMaker } from "./maker.ts";
import { currentOverviews, listOverviews, type OverviewCollection, type UpkeepContext } from "./upkeep.ts";

/** What is wrong with a file. */
interface Fault {
  readonly path: string;
  /** Label of its collection. */
  readonly collection: string;
  /** For a message, after the path. */
  readonly fault: string;
}

type CurrentOverview = Awaited<ReturnType<typeof currentOverviews>>[number];

/** Compares overviews with the rows that they summarise. */
export class OverviewCheck {
  readonly #context: UpkeepContext;
  readonly #maker: OverviewMaker;
  readonly #signal: AbortSignal;
  readonly #get: (path: string) => Promise<Bytes | undefined>;

  /** @param get returns a file, past all caches */
  constructor(
    context: UpkeepContext,
    signal: AbortSignal,
    get: (path: string) => Promise<Bytes | undefined>,
  ) {
    this.#context = context;
    this.#signal = signal;
    this.#get = get;
    this.#maker = new OverviewMaker({ ...context, present: new Set(), signal });
  }

  /**
   * Checks the overviews that exist.
   *
   * @param isWhole whether these are all collections: then other files are checked too, by their digest
   * @param checked called for each file
   * @param attempt runs what fails if a revision is damaged, and returns undefined then
   */
  async run(
    collections: readonly OverviewCollection[],
    isWhole: boolean,
    checked: (label: string, bytes: number) => void,
    attempt: <T>(label: string, work: () => Promise<T>) => Promise<T | undefined>,
  ): Promise<Fault[]> {
    const unseen = await listOverviews(this.#context, this.#signal);
    const faults: Fault[] = [];
    const check = async (name: string, collection: string, file?: CurrentOverview) => {
      if (!unseen.delete(name)) return;
      const path = overviewPath(name);
      const bytes = await this.#get(path);
      if (!bytes) return; // deleted since it was listed
      checked(collection, bytes.length);
      const fault = await this.#faultOf(bytes, file);
      if (fault) faults.push({ path, collection, fault });
    };
    for (const collection of unseen.size > 0 ? collections : []) {
      const { label } = collection;
      const files = await attempt(label, () => currentOverviews(collection, this.#signal));
      for (const file of files ?? []) await check(file.name, label, file);
    }
    if (isWhole) for (const name of [...unseen.keys()]) await check(name, "overviews");
    return faults;
  }

  /** @param file what it should be of; undefined for a file that no current state has */
  async #faultOf(bytes: Bytes, file: CurrentOverview | undefined): Promise<string | undefined> {
    if (!file) return (await isIntact(bytes)) ? undefined : "is damaged";
    const { name, group, y, series } = file;
    if (!y) return this.#faultOfBlocks(bytes, file);
    const found = await unlessCorrupt(decodeOverview(bytes, name, group));
    if (!found) return OF_OTHER_CHUNKS;
    const [segments] = (await unlessCorrupt(this.#maker.fromRows(series, group, [y]))) ?? [];
    if (!segments || isSame(found, { segments })) return undefined;
    return `differs from the rows of column "${y.name}" of series "${series.label}"`;
  }

  async #faultOfBlocks(bytes: Bytes, { name, group, series }: CurrentOverview): Promise<string | undefined> {
    const found = await unlessCorrupt(decodeBlockIndex(bytes, name, group, series.schema));
    if (!found) return OF_OTHER_CHUNKS;
    const index = await unlessCorrupt(this.#maker.blockIndex(series, group));
    if (!index || JSON.stringify(index) === JSON.stringify(found)) return undefined;
    return `differs from the blocks of the chunks of series "${series.label}"`;
  }
}

const OF_OTHER_CHUNKS = "is damaged, or of other chunks";

function isSame(a: Overview, b: Overview): boolean {
  return a.segments.every((summary, i) => {
    const other = b.segments[i];
    if (!summary || !other) return summary === other;
    const [ours, theirs] = [summary, other].map(({ first, last }) =>
      JSON.stringify([packKey(first), packKey(last)]),
    );
    return (
      ours === theirs &&
      summary.blocks.length === other.blocks.length &&
      summary.blocks.data.every((number, at) => Object.is(number, other.blocks.data[at]))
    );
  });
}

/** Damaged chunks are reported where they are checked. */
async function unlessCorrupt<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LakotaError && (error.code === "corrupt" || error.code === "not-found"))
      return undefined;
    throw error;
  }
}
