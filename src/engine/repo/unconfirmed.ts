import { LakotaError } from "../../model/errors.ts";
import type { EngineCollection } from "../collection/collection.ts";

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
    if ((await confirmed) !== known) throw gone(label);
    changelog.confirm = undefined;
  };
}

/** Returns the error for a collection that the registry no longer has. */
const gone = (label: string): LakotaError =>
  new LakotaError(
    "not-found",
    `Collection "${label}" was deleted, renamed, or replaced by another one. Open it again.`,
  );
