import { LakotaError } from "../../model/errors.ts";
import type { LocalCopies } from "../store.ts";
import { listRecords, PINS, readRecord, writeRecord } from "./records.ts";

/** Files that were pinned together: some series of a collection as they were at one time. */
export interface Pin {
  /** When the store listed the revisions, in epoch milliseconds. */
  since: number;
  /** Paths of the revisions that show the series, and of everything needed to find their collection. */
  revisions: readonly string[];
  /** Paths of chunks, by series. */
  series: Readonly<Record<string, readonly string[]>>;
}

/**
 * Replaces the pins of `name`: fetches their files, which are then never evicted.
 *
 * @throws `quota`; the local store's errors
 */
export async function pinFiles(copies: LocalCopies, name: string, pins: readonly Pin[]): Promise<void> {
  if (!copies.isExclusive) return;
  const paths = [...new Set(pins.flatMap(pathsOf))];
  await writeRecord(copies.localStore, PINS + name, pins);
  for (const path of await copies.missing(paths)) await copies.keep(path);
  const missing = await copies.missing(paths);
  if (missing.length > 0)
    throw new LakotaError(
      "quota",
      `This device has no room for ${missing.length} of the ${paths.length} pinned files.`,
    );
}

/** Returns the paths of all files of a pin. */
export const pathsOf = ({ revisions, series }: Pin): string[] => [
  ...revisions,
  ...Object.values(series).flat(),
];

/** Returns the pins of a name. */
export async function pinsOf({ localStore }: LocalCopies, name: string): Promise<Pin[]> {
  return toPins(await readRecord(localStore, PINS + name));
}

/** Returns the pins of all names. */
export async function allPins({ localStore }: LocalCopies): Promise<Pin[]> {
  const records = await listRecords(localStore, PINS);
  return records.flatMap(([, record]) => toPins(record));
}

const toPins = (record: unknown): Pin[] => (Array.isArray(record) ? record.filter(isPin) : []);

function isPin(value: unknown): value is Pin {
  if (typeof value !== "object" || value === null) return false;
  if (!("since" in value && "revisions" in value && "series" in value)) return false;
  const { since, revisions, series } = value;
  if (typeof since !== "number" || !Array.isArray(revisions)) return false;
  return typeof series === "object" && series !== null && Object.values(series).every(Array.isArray);
}
