/** Formats of zones that were used: to create one takes longer than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a text names a time zone, such as `Europe/Brussels`. */
export function isTimeZone(text: string): boolean {
  try {
    formatOf(text);
    return true;
  } catch {
    return false;
  }
}

/** The time zone of this device. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Returns what the clocks of a zone show at a time, as the time at which UTC clocks show the same. */
export const toWallClock = (time: number, zone: string): number => time + offsetAt(time, zone);

/**
 * Returns the time at which the clocks of a zone show this: the first, if they show it twice. Where they skip it, the
 * time by which they would show it without the change.
 */
export function fromWallClock(wall: number, zone: string): number {
  if (zone === "UTC") return wall;
  const DAY = 86_400_000;
  const [before, after] = [offsetAt(wall - DAY, zone), offsetAt(wall + DAY, zone)];
  const [first, second] = [wall - before, wall - after];
  const isSecond = toWallClock(first, zone) !== wall && toWallClock(second, zone) === wall;
  return before !== after && isSecond ? second : first;
}

/** Returns the milliseconds by which the clocks of a zone are ahead of UTC. */
function offsetAt(time: number, zone: string): number {
  if (zone === "UTC" || !Number.isFinite(time)) return 0;
  const name = formatOf(zone)
    .formatToParts(time)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d+):(\d\d)(?::(\d\d))?$/.exec(name ?? "") ?? [];
  if (sign === undefined) return 0; // "GMT"
  const offset = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
  return sign === "-" ? -offset : offset;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  return format;
}
