/** What a column of each type is filled with in tests, written as GOLDEN.md has it. */

/** Numbers that look like chance, the same each time. */
export function noise(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Some items of a type: odd ones first, then as many as are wanted. */
export interface Sample {
  type: string;
  odd: readonly unknown[];
  item(random: () => number, row: number): unknown;
}

const NAT = String(-(2n ** 63n));
const MAX = String(2n ** 63n - 1n);
const TEXTS = [
  "",
  " ",
  "é",
  "e\u0301",
  "日本語",
  "😀 beyond",
  "\uffff",
  'quote " and \\',
  "line\nbreak",
  "a".repeat(300),
];

const integer = (type: string, low: bigint, high: bigint): Sample => ({
  type,
  odd: [low, high, 0n, 1n].map(String),
  item: (random) => String(low + BigInt(Math.floor(random() * Number(high - low)))),
});

const time = (type: string): Sample => ({
  type,
  odd: ["0", "-1", "1700000000", "-2208988800", NAT],
  item: (random, row) => String(row * 60 + Math.floor(random() * 60)),
});

/** Whole numbers as Python's `repr` writes floats. */
const halves = (value: number) => `${Math.trunc(value)}.${value % 1 === 0 ? 0 : 5}`;

const float = (type: string, odd: readonly string[], size: number): Sample => ({
  type,
  odd: ["NaN", "Infinity", "-Infinity", "-0.0", "0.0", "1.5", ...odd],
  item: (random) => halves(Math.floor(random() * size) / 2),
});

const text = (type: string, width = Number.POSITIVE_INFINITY): Sample => ({
  type,
  odd: TEXTS.filter((one) => [...one].length <= width),
  item: (random) => `é${Math.floor(random() * 9_999)}`,
});

const object: Sample = {
  type: "O",
  odd: [
    { t: "none" },
    { t: "bool", v: true },
    { t: "int", v: "42" },
    { t: "int", v: MAX },
    { t: "int", v: NAT },
    { t: "float", v: "2.5" },
    { t: "float", v: "NaN" },
    { t: "str", v: "日本" },
    { t: "bytes", v: "00ff10" },
    { t: "list", v: [{ t: "int", v: "1" }, { t: "list", v: [] }, { t: "none" }] },
    {
      t: "dict",
      v: [
        [
          { t: "str", v: "a" },
          {
            t: "dict",
            v: [
              [
                { t: "str", v: "é" },
                { t: "bool", v: false },
              ],
            ],
          },
        ],
      ],
    },
    { t: "list", v: [] },
    { t: "dict", v: [] },
  ],
  item: (random, row) => ({
    t: "list",
    v: [
      { t: "int", v: String(row) },
      { t: "int", v: String(Math.floor(random() * 1e6)) },
    ],
  }),
};

/** All types of the format. */
export const SAMPLES: readonly Sample[] = [
  ...["timestamp", "date", ...["Y", "M", "W", "h", "m", "ms", "us", "ns"].map((unit) => `M8[${unit}]`)].map(
    time,
  ),
  ...["m8[s]", "m8[ns]", "m8[D]"].map(time),
  float("float", ["1e+300", "5e-324", "0.1", "123456789.123"], 1e9),
  float("f4", ["0.10000000149011612", "3.4028234663852886e+38"], 1e6),
  float("f2", ["0.0999755859375", "65504.0"], 2_000),
  {
    type: "c16",
    odd: [
      ["NaN", "-0.0"],
      ["Infinity", "1.5"],
      ["0.0", "-2.5"],
    ],
    item: (random) => [halves(Math.floor(random() * 1e6) / 2), halves(Math.floor(random() * 1e6) / 2)],
  },
  { type: "c8", odd: [["1.5", "-0.0"]], item: (random) => [halves(Math.floor(random() * 1e4) / 2), "0.5"] },
  integer("int", -(2n ** 63n), 2n ** 63n - 1n),
  integer("i4", -(2n ** 31n), 2n ** 31n - 1n),
  integer("i2", -(2n ** 15n), 2n ** 15n - 1n),
  integer("i1", -128n, 127n),
  integer("u8", 0n, 2n ** 64n - 1n),
  integer("u4", 0n, 2n ** 32n - 1n),
  integer("u2", 0n, 2n ** 16n - 1n),
  integer("u1", 0n, 255n),
  { type: "bool", odd: [true, false], item: (random) => random() < 0.5 },
  text("str"),
  text("U5", 5),
  { type: "S5", odd: ["", "abc", "é", "\u00ff\u0001"], item: (random) => `x${Math.floor(random() * 9_999)}` },
  object,
];

/** A column of so many items. */
export function column({ odd, item }: Sample, rows: number, seed: number): unknown[] {
  const random = noise(seed);
  return Array.from({ length: rows }, (_, row) => odd[row] ?? item(random, row));
}
