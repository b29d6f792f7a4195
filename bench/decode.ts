/**
 * Compares the decoding speed of numcodecs-wasm and npm `numcodecs` on chunks as Lakota writes them.
 *
 *     npx tsx bench/decode.ts [rows]
 *
 * All decode the output of our encoder. The repetitions are interleaved, so that noise of the machine affects all equally.
 * MB are decoded bytes.
 */
import NpmBlosc from "numcodecs/blosc";
import NpmZstd from "numcodecs/zstd";
import { Blosc, loadDecoder, loadEncoder, Zstd } from "../wasm/src/index.ts";
import { randomFractions, randomWalk } from "./random.ts";

const ROWS = Number(process.argv[2] ?? 1_000_000);
const REPETITIONS = 25;

function floats(value: (row: number) => number): Uint8Array {
  return new Uint8Array(Float64Array.from({ length: ROWS }, (_, row) => value(row)).buffer);
}

function timestamps(): Uint8Array {
  const start = 1_577_836_800;
  return new Uint8Array(BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(start + 60 * row)).buffer);
}

function text(): Uint8Array {
  const random = randomFractions(2);
  const cities = ["Brussels", "Paris", "Lisbon", "Oslo", "Nairobi", "Quito", "Osaka", "Perth"];
  const word = () => cities[Math.floor(random() * cities.length)];
  const lines = Array.from({ length: ROWS / 8 }, (_, row) => {
    return `{"id":${row},"city":"${word()}","to":"${word()}","value":${(random() * 1000).toFixed(2)}}\n`;
  });
  return new TextEncoder().encode(lines.join(""));
}

interface Benchmark {
  name: string;
  content: Uint8Array;
  encoded: Uint8Array;
  /** The same content, encoded by npm numcodecs. */
  npmEncoded: Uint8Array;
  /** Decodes into an existing array, as the engine does. */
  ours: (dst: Uint8Array) => void;
  /** Decodes into a new array, through the interface of npm numcodecs. */
  codec: () => Promise<Uint8Array>;
  npm: () => Uint8Array | Promise<Uint8Array>;
}

const [decoder, encoder] = await Promise.all([loadDecoder(), loadEncoder()]);
const npmBlosc = NpmBlosc.fromConfig({ id: "blosc", cname: "zstd", clevel: 5, shuffle: 2 });
const npmZstd = NpmZstd.fromConfig({ id: "zstd", level: 1 });

async function blosc(name: string, content: Uint8Array): Promise<Benchmark> {
  const options = { cname: "zstd", clevel: 5, shuffle: "bit", typesize: 8, blocksize: 0 } as const;
  const encoded = encoder.bloscEncode(content, options);
  return {
    name,
    content,
    encoded,
    npmEncoded: await npmBlosc.encode(content),
    ours: (dst) => decoder.bloscDecode(encoded, dst),
    codec: () => Blosc.fromConfig().decode(encoded),
    npm: () => npmBlosc.decode(encoded),
  };
}

async function zstd(name: string, content: Uint8Array): Promise<Benchmark> {
  const encoded = encoder.zstdEncode(content, 1);
  return {
    name,
    content,
    encoded,
    npmEncoded: await npmZstd.encode(content),
    ours: (dst) => decoder.zstdDecode(encoded, dst),
    codec: () => Zstd.fromConfig().decode(encoded),
    npm: () => npmZstd.decode(encoded),
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Returns the milliseconds of each repetition. The decoders take turns. */
async function run(benchmark: Benchmark): Promise<{ ours: number[]; codec: number[]; npm: number[] }> {
  const dst = new Uint8Array(benchmark.content.length);
  const times = { ours: [] as number[], codec: [] as number[], npm: [] as number[] };
  for (let repetition = -3; repetition < REPETITIONS; repetition++) {
    const ours = await timed(() => benchmark.ours(dst));
    const codec = await timed(() => benchmark.codec());
    const npm = await timed(() => benchmark.npm());
    if (repetition < 0) continue; // warm-up
    times.ours.push(ours);
    times.codec.push(codec);
    times.npm.push(npm);
  }
  if (Buffer.compare(dst, benchmark.content) !== 0)
    throw new Error(`${benchmark.name}: the decoded bytes differ`);
  return times;
}

const benchmarks = [
  await blosc("timestamps (int64)", timestamps()),
  await blosc(
    "sin (float64)",
    floats((row) => Math.sin(row / 1000)),
  ),
  await blosc("random walk (float64)", new Uint8Array(randomWalk(ROWS).buffer)),
  await blosc("uniform random (float64)", floats(randomFractions(3))),
  await zstd("plain zstd, text", text()),
];

const table: Record<string, Record<string, string>> = {};
for (const benchmark of benchmarks) {
  const { ours, codec, npm } = await run(benchmark);
  const speed = (milliseconds: number) => (benchmark.content.length / 1e3 / milliseconds).toFixed(0);
  table[benchmark.name] = {
    ours: speed(median(ours)),
    npm: speed(median(npm)),
    ratio: (median(npm) / median(ours)).toFixed(1),
    "ours, best": speed(Math.min(...ours)),
    "npm, best": speed(Math.min(...npm)),
    "ratio of bests": (Math.min(...npm) / Math.min(...ours)).toFixed(1),
    "as codec": speed(median(codec)),
    "kB ours": (benchmark.encoded.length / 1e3).toFixed(0),
    "kB npm": (benchmark.npmEncoded.length / 1e3).toFixed(0),
  };
}
console.log(
  "Decoded MB/s (medians, or the best repetition), ours into an existing array; and encoded sizes.",
);
console.log(`${ROWS} rows, ${REPETITIONS} interleaved repetitions, Node ${process.version}`);
console.table(table);
