/** Values of each type for tests, written as in GOLDEN.md. */

/** Returns a generator of pseudorandom numbers from 0 to 1. */
export function noise(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Values of a type: some edge cases, and a generator of ordinary ones. */
export interface Sample {
  type: string;
  edgeCases: readonly unknown[];
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
  edgeCases: [low, high, 0n, 1n].map(String),
  item: (random) => String(low + BigInt(Math.floor(random() * Number(high - low)))),
});

const time = (type: string): Sample => ({
  type,
  edgeCases: ["0", "-1", "1700000000", "-2208988800", NAT],
  item: (random, row) => String(row * 60 + Math.floor(random() * 60)),
});

/** Multiples of 0.5, written as Python's `repr` writes floats. */
const halves = (value: number) => `${Math.trunc(value)}.${value % 1 === 0 ? 0 : 5}`;

const float = (type: string, edgeCases: readonly string[], size: number): Sample => ({
  type,
  edgeCases: ["NaN", "Infinity", "-Infinity", "-0.0", "0.0", "1.5", ...edgeCases],
  item: (random) => halves(Math.floor(random() * size) / 2),
});

const text = (type: string, width = Number.POSITIVE_INFINITY): Sample => ({
  type,
  edgeCases: TEXTS.filter((one) => [...one].length <= width),
  item: (random) => `é${Math.floor(random() * 9_999)}`,
});

const object: Sample = {
  type: "O",
  edgeCases: [
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
    edgeCases: [
      ["NaN", "-0.0"],
      ["Infinity", "1.5"],
      ["0.0", "-2.5"],
    ],
    item: (random) => [halves(Math.floor(random() * 1e6) / 2), halves(Math.floor(random() * 1e6) / 2)],
  },
  {
    type: "c8",
    edgeCases: [["1.5", "-0.0"]],
    item: (random) => [halves(Math.floor(random() * 1e4) / 2), "0.5"],
  },
  integer("int", -(2n ** 63n), 2n ** 63n - 1n),
  integer("i4", -(2n ** 31n), 2n ** 31n - 1n),
  integer("i2", -(2n ** 15n), 2n ** 15n - 1n),
  integer("i1", -128n, 127n),
  integer("u8", 0n, 2n ** 64n - 1n),
  integer("u4", 0n, 2n ** 32n - 1n),
  integer("u2", 0n, 2n ** 16n - 1n),
  integer("u1", 0n, 255n),
  { type: "bool", edgeCases: [true, false], item: (random) => random() < 0.5 },
  text("str"),
  text("U5", 5),
  {
    type: "S5",
    edgeCases: ["", "abc", "é", "\u00ff\u0001"],
    item: (random) => `x${Math.floor(random() * 9_999)}`,
  },
  object,
];

/** Returns a column of `rows` items: the edge cases, then ordinary values. */
export function column({ edgeCases, item }: Sample, rows: number, seed: number): unknown[] {
  const random = noise(seed);
  return Array.from({ length: rows }, (_, row) => edgeCases[row] ?? item(random, row));
}
