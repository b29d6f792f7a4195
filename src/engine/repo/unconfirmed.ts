import type { EngineCollection } from "../collection/collection.ts";
import { goneCollection } from "./registry-errors.ts";

type Found = Promise<EngineCollection | undefined>;

/**
 * Makes the listings of a collection that an earlier visit knew wait until the registry has confirmed it.
 *
 * @param current what the registry has, which is being read
 * @param again reads the registry again, in case that fails
 */
export function confirmBy(known: EngineCollection, current: Found, again: () => Found): void {
  const { changelog, label } = known;
  let reading: Found | undefined = current;
  changelog.confirm ??= async () => {
    const confirmed = reading ?? again();
    reading = undefined;
    if ((await confirmed) !== known) throw goneCollection(label);
    changelog.confirm = undefined;
  };
}
