import type { RepoAddress } from "../model/api/sync.ts";
import { openStore, type StoreOptions } from "./open.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store of another repo, for copying: without a cache, as each file is read once.
 *
 * @param options of this repo. They apply to a plain URI, too, except for the token, which the other host
 * could use; an address with options is complete
 */
export function openAddress(address: RepoAddress, options: StoreOptions): Store {
  if (typeof address === "string" || !("uri" in address))
    return openStore(address, { ...options, token: undefined, cache: false });
  const { uri, ...access } = address;
  const { schemes, fetch, clock, timeout } = options;
  const own = {
    ...(schemes && { schemes }),
    ...(fetch && { fetch }),
    ...(clock && { clock }),
    ...(timeout !== undefined && { timeout }),
  };
  return openStore(uri, { ...own, ...access, cache: false });
}
