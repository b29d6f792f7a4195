/**
 * Decoding speed of numcodecs-wasm and of npm `numcodecs`, side by side in one run, on chunks as Lakota writes them.
 *
 *     npx tsx bench/decode.ts [rows]
 *
 * All decode what our encoder made. The repetitions are interleaved, so that a noisy machine is equally noisy to both. MB are of decoded bytes.
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

interface Contest {
  name: string;
  content: Uint8Array;
  encoded: Uint8Array;
  /** What npm numcodecs makes of the same content. */
  npmEncoded: Uint8Array;
  /** Into a given array, as the engine does. */
  ours: (dst: Uint8Array) => void;
  /** Into a new array, by the interface of npm numcodecs. */
  codec: () => Promise<Uint8Array>;
  npm: () => Uint8Array | Promise<Uint8Array>;
}

const [decoder, encoder] = await Promise.all([loadDecoder(), loadEncoder()]);
const npmBlosc = NpmBlosc.fromConfig({ id: "blosc", cname: "zstd", clevel: 5, shuffle: 2 });
const npmZstd = NpmZstd.fromConfig({ id: "zstd", level: 1 });

async function blosc(name: string, content: Uint8Array): Promise<Contest> {
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

async function zstd(name: string, content: Uint8Array): Promise<Contest> {
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

/** Milliseconds of each repetition, one after the other in turns. */
async function run(contest: Contest): Promise<{ ours: number[]; codec: number[]; npm: number[] }> {
  const dst = new Uint8Array(contest.content.length);
  const times = { ours: [] as number[], codec: [] as number[], npm: [] as number[] };
  for (let repetition = -3; repetition < REPETITIONS; repetition++) {
    const ours = await timed(() => contest.ours(dst));
    const codec = await timed(() => contest.codec());
    const npm = await timed(() => contest.npm());
    if (repetition < 0) continue; // warming up
    times.ours.push(ours);
    times.codec.push(codec);
    times.npm.push(npm);
  }
  if (Buffer.compare(dst, contest.content) !== 0) throw new Error(`${contest.name}: decoded wrongly`);
  return times;
}

const contests = [
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
for (const contest of contests) {
  const { ours, codec, npm } = await run(contest);
  const speed = (milliseconds: number) => (contest.content.length / 1e3 / milliseconds).toFixed(0);
  table[contest.name] = {
    ours: speed(median(ours)),
    npm: speed(median(npm)),
    ratio: (median(npm) / median(ours)).toFixed(1),
    "ours, best": speed(Math.min(...ours)),
    "npm, best": speed(Math.min(...npm)),
    "ratio of bests": (Math.min(...npm) / Math.min(...ours)).toFixed(1),
    "as codec": speed(median(codec)),
    "kB ours": (contest.encoded.length / 1e3).toFixed(0),
    "kB npm": (contest.npmEncoded.length / 1e3).toFixed(0),
  };
}
console.log("Decoded MB/s (medians unless it says best), ours into a given array; and encoded sizes.");
console.log(`${ROWS} rows, ${REPETITIONS} repetitions in turns, Node ${process.version}`);
console.table(table);
