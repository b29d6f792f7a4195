import { DAY, daysToMonth, HOUR, MINUTE, monthOfDay, SECOND } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import { asLakotaError } from "../../model/errors.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { Buckets } from "../calendar/buckets.ts";
import { type Unit, unitNamed } from "../calendar/unit.ts";
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
  type Spans,
} from "./program.ts";
import { decodeValues, FURTHEST, timeSpans, toCounts } from "./time-spans.ts";
import { compact, durationOf, finer, inUnit, timeLiteral } from "./units.ts";

/** Returns a time argument in a unit of fixed length; in seconds or finer if there is a zone. */
function timeArgument(program: Program, name: string, text: string, zone: TimeZone | undefined): Program {
  const time =
    typeof program.literal === "string" ? timeLiteral(program.literal, "s", program.text) : program;
  if (!isTime(time)) throw queryError(text, `${name} takes a time; ${describeType(time)}.`);
  return inUnit(time, finer(time.dtype.unit!, zone ? "s" : "D"));
}

function zoneArgument(program: Program | undefined, text: string): TimeZone | undefined {
  if (!program) return undefined;
  if (typeof program.literal !== "string")
    throw queryError(
      text,
      `${program.text} is not a time zone. Use a name in quotes such as "Europe/Brussels".`,
    );
  try {
    return TimeZone.named(program.literal);
  } catch (cause) {
    throw queryError(text, asLakotaError(cause).message, cause);
  }
}

/** Returns the spans over which a function of a column is constant. Undefined for one of other times. */
function spansOf({ column }: Program, unit: Unit, zone: TimeZone | undefined): Spans | undefined {
  if (column === undefined) return undefined;
  const buckets = new Buckets(unit, zone);
  const at: Spans["at"] = (ms) => {
    if (Math.abs(ms) > FURTHEST) return { from: Number.NaN, to: Number.NaN };
    if (!(ms >= buckets.from && ms < buckets.to)) buckets.find(Math.floor(ms));
    return buckets;
  };
  return { column, at };
}

const floor: Operator = ([x, unitText, zoneText], text) => {
  const unit = typeof unitText!.literal === "string" ? unitNamed(unitText!.literal) : undefined;
  if (!unit) {
    throw queryError(
      text,
      `${unitText!.text} is not a unit. Use Y, Q, M, W, D, h, m, s, or a multiple of h, m or s that divides a day evenly, such as "15m".`,
    );
  }
  const zone = zoneArgument(zoneText, text);
  const time = timeArgument(x!, "floor", text, zone);
  const program = columnwise(time.dtype, text, [time], ([vector]) => {
    const buckets = new Buckets(unit, zone);
    const timeUnit = time.dtype.unit!;
    const spans = timeSpans(vector!, timeUnit, text, (ms) => {
      buckets.find(ms);
      return { from: buckets.from, to: buckets.to, value: buckets.start };
    });
    return toCounts(spans, timeUnit, vector!.form);
  });
  return { ...program, spans: spansOf(x!, unit, zone) };
};

const asTz: Operator = ([x, zoneText], text) => {
  const zone = zoneArgument(zoneText, text)!;
  const time = timeArgument(x!, "as-tz", text, zone);
  return columnwise(time.dtype, text, [time], ([vector]) => {
    const timeUnit = time.dtype.unit!;
    const spans = timeSpans(vector!, timeUnit, text, (ms) => {
      const { from, to, offset } = zone.periodAt(ms);
      return { from, to, value: offset };
    });
    return toCounts(spans, timeUnit, vector!.form, vector!);
  });
};

/** Parts of a date: the unit in which each is constant, and its value by the local start of the unit. */
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
    const zone = zoneArgument(zoneText, text);
    const time = timeArgument(x!, name, text, zone);
    const program = columnwise(FLOAT64, text, [time], ([vector]) => {
      const buckets = new Buckets(unit, zone);
      const spans = timeSpans(vector!, time.dtype.unit!, text, (ms) => {
        buckets.find(ms);
        return { from: buckets.from, to: buckets.to, value: value(buckets.local) };
      });
      return { form: "floats", data: decodeValues(spans) };
    });
    return { ...program, spans: spansOf(x!, unit, zone) };
  };

/** A constant as a time. */
const datetime: Operator = ([x], text) => {
  if (x!.literal === undefined)
    throw queryError(text, 'datetime64 takes a constant, as in datetime64("2026-03-01").');
  return { ...timeLiteral(x!.literal, "s", text), text };
};

const timedelta: Operator = ([count, unit], text) => {
  const name = String(unit!.literal);
  const dtype = /^(W|D|h|m|s|ms|us|ns)$/.test(name) ? durationOf(name as TimeUnit) : undefined;
  const { literal } = count!;
  if (!dtype || !isInteger(count!) || (typeof literal !== "number" && typeof literal !== "bigint"))
    throw queryError(
      text,
      'timedelta64 takes a whole number and W, D, h, m, s, ms, us or ns, as in (timedelta64 90 "m").',
    );
  const vector: Vector = { ...compact(BigInt64Array.of(BigInt(literal)), true), constant: true };
  return { dtype, text, run: () => vector };
};

export const TIMES: Readonly<Record<string, Operator>> = {
  floor,
  "as-tz": asTz,
  ...Object.fromEntries(Object.keys(PARTS).map((name) => [name, partOf(name)])),
  datetime64: datetime,
  timedelta64: timedelta,
};
