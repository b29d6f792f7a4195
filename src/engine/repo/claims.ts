import { sha1 } from "../../codecs/sha1.ts";
import { claimNumber, claimsPrefix } from "../../model/claim-path.ts";
import { LakotaError } from "../../model/errors.ts";
import { isUnreachable, type Store } from "../../stores/store.ts";
import { type CollectionEntry, isCollectionEntry } from "./registry.ts";
import { loadRegistered } from "./table-kind.ts";

// The files that claim a label: of several, only the one with the highest number counts. It is never deleted, so that
// a writer that adds the next one finds its number taken if another writer was faster.

/** The content of a claim. */
export interface Claim {
  /** What its creator is about to register. */
  entry: CollectionEntry;
  /** Heads of the registry when the claim was made: revisions that they contain cannot have registered it. */
  heads: readonly string[];
}

/** Returns the start of the paths of a label's claims. */
export async function claimsOf(label: string): Promise<string> {
  return claimsPrefix(await sha1(new TextEncoder().encode(label)));
}

/** Returns the numbers of the claims with a prefix; none if they may not be listed. */
export async function listClaims(store: Store, prefix: string, signal: AbortSignal): Promise<number[]> {
  const entries = await unlessRefused(store.list(prefix, { detail: "path", signal }));
  return (entries ?? []).flatMap(({ path }) => claimNumber(path) ?? []);
}

/** Adds a claim. Returns whether it is new; undefined if there may not be any. */
export function putClaim(
  store: Store,
  path: string,
  { entry, heads }: Claim,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...entry, heads }));
  return unlessRefused(store.put(path, bytes, { signal }));
}

/** Reads a claim. Returns undefined if it is gone, spent, or damaged. */
export async function readClaim(store: Store, path: string, signal: AbortSignal): Promise<Claim | undefined> {
  const bytes = await store.get(path, { reload: true, signal });
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!isCollectionEntry(value)) return undefined;
    const { path: folder, schema } = value;
    loadRegistered(schema);
    const heads = "heads" in value && Array.isArray(value.heads) ? value.heads.filter(isString) : [];
    return { entry: { path: folder, schema }, heads };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof LakotaError)
      return undefined;
    throw error;
  }
}

/** The claims of a label at some time. */
export interface Claims {
  prefix: string;
  numbers: readonly number[];
}

/**
 * Returns the claims of a label that is about to become free. Offline, none: those are found to be spent by what was
 * registered.
 */
export async function findClaims(store: Store, label: string, signal: AbortSignal): Promise<Claims> {
  const prefix = await claimsOf(label);
  const numbers = await listClaims(store, prefix, signal).catch((error: unknown) => {
    if (isUnreachable(error)) return [];
    throw error;
  });
  return { prefix, numbers };
}

/**
 * Makes claims spent once their label is free, and leaves one file of them. They must have been found before that: a later
 * one may be that of the next creator. Its errors are ignored, since a spent claim is also known by what was registered.
 */
export async function spendClaims(
  store: Store,
  { prefix, numbers }: Claims,
  signal: AbortSignal,
): Promise<void> {
  if (numbers.length === 0) return;
  try {
    await store.put(`${prefix}${Math.max(...numbers) + 1}`, new TextEncoder().encode("{}"), { signal });
    for (const number of numbers) await store.delete(prefix + number, { signal });
  } catch (error) {
    if (!(error instanceof LakotaError)) throw error;
  }
}

/** Returns the result, or undefined if the store does not allow this, or cannot. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LakotaError && (error.code === "forbidden" || error.code === "unsupported"))
      return undefined;
    throw error;
  }
}

const isString = (value: unknown): value is string => typeof value === "string";
