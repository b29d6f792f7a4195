import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDType } from "../../src/model/dtype.ts";
import { toNumbers } from "../../src/model/numbers.ts";
import { NAT } from "../../src/model/time.ts";

const numbers = (type: string, ...values: bigint[]) => {
  const dtype = parseDType(type);
  const column = dtype.kind === "uint" ? BigUint64Array.from(values) : BigInt64Array.from(values);
  return Array.from(toNumbers(column, dtype) as Float64Array);
};

describe("64-bit columns as numbers", () => {
  it("are the nearest float64", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (value) => {
        expect(numbers("int64", value)).toEqual([Number(value)]);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(numbers("uint64", value)).toEqual([Number(value)]);
      }),
    );
    expect(numbers("int64", NAT)).toEqual([-(2 ** 63)]);
  });

  it("are epoch milliseconds where they are times, exact where those are whole", () => {
    const day = 86_400_000;
    expect(numbers("datetime64[D]", 1n, -1n)).toEqual([day, -day]);
    expect(numbers("timestamp", 1_700_000_000n)).toEqual([1_700_000_000_000]);
    expect(numbers("M8[Y]", 1n, -1n)).toEqual([Date.UTC(1971, 0), Date.UTC(1969, 0)]);
    expect(numbers("M8[M]", 14n)).toEqual([Date.UTC(1971, 2)]);
    fc.assert(
      fc.property(
        fc.integer({ min: -4e12, max: 4e12 }),
        fc.constantFrom(["ns", 10n ** 6n], ["us", 1000n]),
        (ms, unit) => {
          const [name, perMs] = unit as [string, bigint];
          expect(numbers(`M8[${name}]`, BigInt(ms) * perMs)).toEqual([ms]);
        },
      ),
    );
  });

  it("are NaN where a time is missing", () => {
    for (const type of ["timestamp", "M8[ns]", "M8[Y]", "m8[s]"])
      expect(numbers(type, NAT)).toEqual([Number.NaN]);
  });
});
