import type { Collection, CollectionDescription } from "lakota";
import type { KnownFirst } from "./known-first.ts";

interface InfoRequest {
  reads: KnownFirst;
  signal: AbortSignal;
  /** Labels of the series to describe. */
  series?: readonly string[];
}

/** Reads what is known of a collection. The data can be shown without it, so a failure counts as nothing known. */
export function readInfo(
  collection: Collection,
  { reads, signal, series = [] }: InfoRequest,
): Promise<CollectionDescription> {
  let known: CollectionDescription = {};
  const read = (onStale: (known: CollectionDescription) => void) =>
    collection
      .info({
        series,
        onStale(stale) {
          known = stale;
          onStale(stale);
        },
      })
      .catch(() => known);
  return reads.take(read, { signal });
}

/** Returns the entry of a column or a series, whatever its name is. */
export const describedAs = <Fields>(
  described: Readonly<Record<string, Fields>> | undefined,
  name: string,
): Fields | undefined => (described && Object.hasOwn(described, name) ? described[name] : undefined);
