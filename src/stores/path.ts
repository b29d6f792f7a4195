import { LakotaError } from "../model/errors.ts";
import type { Entry } from "./store.ts";

/**
 * Throws `invalid-argument` for a path that some backend would take for another one: empty, absolute,
 * with an empty part, `.` or `..`, a NUL, or half a surrogate pair.
 */
export function checkPath(path: string): void {
  const parts = path.split("/");
  // A lone surrogate is the only thing that \p{Surrogate} matches in a unicode pattern.
  const bad =
    /\0|\p{Surrogate}/u.test(path) || parts.some((part) => part === "" || part === "." || part === "..");
  if (bad) {
    throw new LakotaError(
      "invalid-argument",
      `${JSON.stringify(path)} cannot be a path in a store: it needs parts joined by "/", none of them empty, "." or "..".`,
    );
  }
}

/** A path as part of a URL. All is escaped but the slashes: a literal "+" would be signed as a space. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The order of two strings by the bytes of their UTF-8 form, which is not that of `<` (UTF-16). */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they come after every other unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** What a listing answers, made of entries in any order. */
export function selectEntries(entries: Iterable<Entry>, prefix: string, startAfter = ""): Entry[] {
  const selected: Entry[] = [];
  for (const entry of entries) {
    if (entry.path.startsWith(prefix) && compareUtf8(entry.path, startAfter) > 0) selected.push(entry);
  }
  return selected.sort((a, b) => compareUtf8(a.path, b.path));
}
