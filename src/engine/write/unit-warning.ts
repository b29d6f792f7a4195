import type { FrameInput } from "../../model/api/series.ts";
import { Frame } from "../../model/frame.ts";
import type { WarningContext } from "./warning-context.ts";

/** The beginning of 1973, in seconds and in milliseconds. */
const FIRST_SECOND = Date.UTC(1973) / 1_000;
const FIRST_MILLISECOND = Date.UTC(1973);

/**
 * Warns of times that are given as numbers, and lie before 1973 if they are milliseconds, as numbers are taken, but after
 * that if they are seconds: most likely they are.
 */
export function warnOfSeconds(frame: FrameInput, { label, schema, reported, warn }: WarningContext): void {
  const key = `seconds ${label}`;
  if (frame instanceof Frame || reported.has(key)) return; // what was read is in milliseconds
  for (const { name, dtype } of schema.columns) {
    if (dtype.kind !== "datetime" || !Object.hasOwn(frame, name)) continue;
    const example = secondsIn(frame[name]);
    if (example === undefined) continue;
    reported.add(key);
    const iso = (ms: number) => new Date(ms).toISOString();
    warn(
      `Times written to "${label}" are all before 1973: the number ${example} in the column "${name}" is ${iso(example)}. ` +
        `Numbers are milliseconds since 1970, whatever the column's unit. If these are seconds (${iso(example * 1_000)}), multiply ` +
        "them by 1,000. This warning comes once per collection.",
    );
    return;
  }
}

/** Returns one of the numbers if all items that are not missing look like seconds. */
function secondsIn(items: unknown): number | undefined {
  if (!Array.isArray(items) && !(ArrayBuffer.isView(items) && "length" in items)) return undefined;
  const list = items as ArrayLike<unknown>;
  let example: number | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item === null || item === undefined || Number.isNaN(item)) continue;
    if (typeof item !== "number" || item < FIRST_SECOND || item >= FIRST_MILLISECOND) return undefined;
    example ??= item;
  }
  return example;
}
