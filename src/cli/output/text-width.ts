import stringWidth from "fast-string-width";

/** What a terminal shows in one cell each. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Soft hyphens, spaces of no width, joiners and marks of direction between letters: in no cell. */
const INVISIBLE = /[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]/g;

/**
 * Returns how many cells of a terminal a text takes: wide characters (CJK, emoji) take two, combining marks none. Letters that
 * are written as several characters count as the letters that they make, such as those of Korean file names on macOS.
 */
export const textWidth = (text: string): number =>
  PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text.normalize("NFC").replace(INVISIBLE, ""));
