import { LakotaError } from "../model/errors.ts";
import type { Entry } from "./store.ts";

/**
 * Checks that every backend takes a path as it is.
 *
 * @throws `invalid-argument` for a path that is empty or absolute, or has an empty part, `.`, `..`, a NUL or
 * a lone surrogate
 */
export function checkPath(path: string): void {
  const parts = path.split("/");
  // In a Unicode pattern, \p{Surrogate} matches lone surrogates only.
  const isInvalid =
    /\0|\p{Surrogate}/u.test(path) || parts.some((part) => part === "" || part === "." || part === "..");
  if (isInvalid) {
    throw new LakotaError(
      "invalid-argument",
      `${JSON.stringify(path)} cannot be a path: no part may be empty, "." or "..".`,
    );
  }
}

/** Escapes a path for a URL: everything but the slashes, since a literal "+" would be signed as a space. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Compares two strings by their UTF-8 bytes; `<` compares UTF-16 units. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates encode code points above U+FFFF, so they sort after every other unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Surrogates, and the units above them, whose order differs between UTF-16 and UTF-8. */
const ABOVE_SURROGATES = /[\ud800-\uffff]/;

/** Returns the entries of a listing: those it asks for, sorted. */
export function selectEntries(entries: Iterable<Entry>, prefix: string, startAfter = ""): Entry[] {
  const selected: Entry[] = [];
  for (const entry of entries) {
    if (entry.path.startsWith(prefix) && (!startAfter || compareUtf8(entry.path, startAfter) > 0))
      selected.push(entry);
  }
  if (selected.some(({ path }) => ABOVE_SURROGATES.test(path)))
    return selected.sort((a, b) => compareUtf8(a.path, b.path));
  // The order of UTF-16 units is the same then, and fast. A long listing is mostly sorted already.
  const isSorted = selected.every(({ path }, i) => i === 0 || selected[i - 1]!.path <= path);
  return isSorted ? selected : selected.sort((a, b) => (a.path < b.path ? -1 : 1));
}
