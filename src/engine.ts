/**
 * `lakota/engine`: a repo on the current thread. For an app's own worker, for Deno, for tests. In a page, `connect` of
 * `lakota` does the same in a worker.
 */
import { decodeChunk } from "./codecs/chunk.ts";
import { type EngineOptions, EngineRepo } from "./engine/repo/repo.ts";
import type { Repo } from "./model/api.ts";
import { openAddress, openStore, type StoreOptions } from "./stores/open.ts";

export * from "./model/public.ts";
export type { EngineOptions, StoreOptions };

/** Where the repo lives, how to reach it, and how to work. */
export interface OpenOptions extends StoreOptions, EngineOptions {}

/**
 * Opens a repository: `memory://`, `indexeddb://name`, `s3://bucket/prefix`, `https://host/folder`. An array of URIs
 * stacks stores, the first one nearest. Nothing is fetched before the first call.
 *
 * @throws `invalid-argument` for a URI that makes no sense.
 * @example
 * const repo = await openRepo("s3://weather/v1", { region: "eu-west-1", credentials });
 * const frame = await (await repo.collection("temperature")).series("Brussels").tail(100);
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  return new EngineRepo(openStore(uri, options), decodeChunk, {
    ...options,
    openStore: (address) => openAddress(address, options),
  });
}
