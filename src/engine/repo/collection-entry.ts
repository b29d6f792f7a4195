import { type CollectionEntry, isCollectionEntry } from "./registry.ts";
import { damagedEntry } from "./registry-errors.ts";

/** Returns the value of a registry row as an entry. @throws `corrupt` */
export function toCollectionEntry(label: string, value: unknown): CollectionEntry {
  if (isCollectionEntry(value)) return value;
  throw damagedEntry(label);
}
