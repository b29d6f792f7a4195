import { DAY, daysToMonth, HOUR, MINUTE, monthOfDay, SECOND } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import { Buckets } from "../calendar/buckets.ts";
import { type Unit, unitNamed } from "../calendar/unit.ts";
import { Zone } from "../calendar/zone.ts";
import type { Vector } from "../columns/vector.ts";
import { FLOAT64 } from "./arithmetic.ts";
import {
  columnwise,
  describeType,
  isInteger,
  isTime,
  type Operator,
  type Program,
  queryError,
} from "./program.ts";
import { inCounts, pick, timeSpans } from "./time-spans.ts";
import { compact, durationOf, finer, inUnit, timeLiteral } from "./units.ts";

/** The time that a function is given, in a unit of fixed length; in seconds or finer where a zone's clocks matter. */
function timeFrom(program: Program, name: string, text: string, zone: Zone | undefined): Program {
  const time =
    typeof program.literal === "string" ? timeLiteral(program.literal, "s", program.text) : program;
  if (!isTime(time)) throw queryError(text, `${name} takes a time; ${describeType(time)}.`);
  return inUnit(time, finer(time.dtype.unit!, zone ? "s" : "D"));
}

function zoneFrom(program: Program | undefined, text: string): Zone | undefined {
  if (!program) return undefined;
  const zone = typeof program.literal === "string" ? Zone.named(program.literal) : undefined;
  if (zone) return zone;
  throw queryError(text, `${program.text} is no time zone. Write its name, as in "Europe/Brussels".`);
}

const floor: Operator = ([x, unitText, zoneText], text) => {
  const unit = typeof unitText!.literal === "string" ? unitNamed(unitText!.literal) : undefined;
  if (!unit) {
    throw queryError(
      text,
      `${unitText!.text} is no unit. Write Y, Q, M, W, D, h, m, s, or "15m" and the like, which fill a day without a rest.`,
    );
  }
  const zone = zoneFrom(zoneText, text);
  const time = timeFrom(x!, "floor", text, zone);
  return columnwise(time.dtype, text, [time], ([vector]) => {
    const buckets = new Buckets(unit, zone);
    const own = time.dtype.unit!;
    const found = timeSpans(vector!, own, text, (ms) => {
      buckets.find(ms);
      return { from: buckets.from, to: buckets.to, value: buckets.start };
    });
    return inCounts(found, own, vector!.form);
  });
};

const asTz: Operator = ([x, zoneText], text) => {
  const zone = zoneFrom(zoneText, text)!;
  const time = timeFrom(x!, "as-tz", text, zone);
  return columnwise(time.dtype, text, [time], ([vector]) => {
    const own = time.dtype.unit!;
    const found = timeSpans(vector!, own, text, (ms) => {
      const { from, to, offset } = zone.at(ms);
      return { from, to, value: offset };
    });
    return inCounts(found, own, vector!.form, vector!);
  });
};

/** Parts of a date: what each is constant in, and how it comes from what the clocks show at the beginning of that. */
const PARTS: Readonly<Record<string, { unit: Unit; value: (local: number) => number }>> = {
  year: part("Y", (local) => 1970 + monthOf(local) / 12),
  month: part("M", (local) => 1 + modulo(monthOf(local), 12)),
  day: part("D", (local) => 1 + local / DAY - daysToMonth(monthOf(local))),
  hour: part("h", (local) => modulo(local, DAY) / HOUR),
  minute: part("m", (local) => modulo(local, HOUR) / MINUTE),
  second: part("s", (local) => modulo(local, MINUTE) / SECOND),
  weekday: part("D", (local) => 1 + modulo(local / DAY + 3, 7)),
};

function part(unit: string, value: (local: number) => number) {
  return { unit: unitNamed(unit)!, value };
}
function monthOf(local: number): number {
  return monthOfDay(local / DAY);
}
function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

const partOf =
  (name: string): Operator =>
  ([x, zoneText], text) => {
    const { unit, value } = PARTS[name]!;
    const zone = zoneFrom(zoneText, text);
    const time = timeFrom(x!, name, text, zone);
    return columnwise(FLOAT64, text, [time], ([vector]) => {
      const buckets = new Buckets(unit, zone);
      const found = timeSpans(vector!, time.dtype.unit!, text, (ms) => {
        buckets.find(ms);
        return { from: buckets.from, to: buckets.to, value: value(buckets.local) };
      });
      return { form: "floats", data: pick(found) };
    });
  };

/** A constant, written out as a time. */
const datetime: Operator = ([x], text) => {
  if (x!.literal === undefined) throw queryError(text, "datetime64 takes a constant.");
  return { ...timeLiteral(x!.literal, "s", text), text };
};

const timedelta: Operator = ([count, unit], text) => {
  const name = String(unit!.literal);
  const type = /^(W|D|h|m|s|ms|us|ns)$/.test(name) ? durationOf(name as TimeUnit) : undefined;
  const { literal } = count!;
  if (!type || !isInteger(count!) || (typeof literal !== "number" && typeof literal !== "bigint"))
    throw queryError(
      text,
      'timedelta64 takes a whole number and W, D, h, m, s, ms, us or ns, as in (timedelta64 90 "m").',
    );
  const vector: Vector = { ...compact(BigInt64Array.of(BigInt(literal)), true), constant: true };
  return { dtype: type, text, run: () => vector };
};

export const TIMES: Readonly<Record<string, Operator>> = {
  floor,
  "as-tz": asTz,
  ...Object.fromEntries(Object.keys(PARTS).map((name) => [name, partOf(name)])),
  datetime64: datetime,
  timedelta64: timedelta,
};
