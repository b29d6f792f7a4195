/**
 * Fuzzes one target, in a process that may end or hang: `child TARGET SECONDS SEED CURRENT CORPUS FAILURES KEEP`.
 * Before each run it writes the number of runs and the input to the file CURRENT, so that the parent knows what
 * it was. Its last line is a {@link Result} as JSON.
 */
import { createHash } from "node:crypto";
import { openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../../src/model/bytes.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { grow, MAX_LENGTH, mutate, Random } from "./mutate.ts";
import { ready, targets } from "./targets.ts";

export interface Result {
  runs: number;
  /** Inputs that reached new code. */
  found: number;
  /** CPU time of the slowest run in milliseconds. */
  slowest: number;
  /** What went wrong, once per kind. */
  failures: string[];
}

declare global {
  /** How often each branch ran: see instrument.ts. */
  var __coverage: Uint8Array;
  /** Strings of the code. */
  var __tokens: readonly string[];
}

/** Milliseconds of CPU time that a run may take. */
const MAX_MILLISECONDS = 5000;
/** Kilobytes by which a run may increase the memory of the process. */
const MAX_MEMORY = 512 << 10;
/** Inputs by which a corpus grows at most, and their bytes. */
const MAX_KEPT = 20;
const MAX_KEPT_BYTES = 6_000;
/** One in this many runs has a long input, which shows what takes more than linear time. */
const GROWN = 100;

const [name = "", seconds = "1", seed = "1", current = "", corpus = "", failureFolder = "", keep = ""] =
  process.argv.slice(2);

const target = targets[name];
if (!target) throw new Error(`There is no fuzz target "${name}".`);
await ready;

const random = new Random(Number(seed));
const seeds = readdirSync(corpus)
  .sort()
  .map((file) => Uint8Array.from(readFileSync(join(corpus, file))));
const found: Bytes[] = [];
const result: Result = { runs: 0, found: 0, slowest: 0, failures: [] };
const kinds = new Set<string>();
const file = openSync(current, "w");
const state = new Uint8Array(8 + (1 << 20));
const header = new DataView(state.buffer);
let rejection: unknown;
process.on("unhandledRejection", (reason) => {
  rejection = reason ?? new Error("a promise was rejected without a reason");
});

const nameOf = (input: Bytes) => createHash("sha1").update(input).digest("hex").slice(0, 12);

function fail(input: Bytes, kind: string, detail: string): void {
  if (kinds.has(kind)) return;
  kinds.add(kind);
  const path = join(failureFolder, `${name}-${nameOf(input)}`);
  writeFileSync(path, input);
  result.failures.push(`${detail}\n  input: ${path}`);
}

/** The branches that were reached, and about how often each. */
class Coverage {
  readonly #seen = new Uint8Array(globalThis.__coverage.length);

  /** Returns whether the last run reached a branch, or a power of two of a branch's count, for the first time. */
  add(): boolean {
    let isNew = false;
    const counts = globalThis.__coverage;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]!;
      if (count === 0) continue;
      const bucket = 1 << Math.min(7, 31 - Math.clz32(count));
      if (!(this.#seen[i]! & bucket)) {
        this.#seen[i]! |= bucket;
        isNew = true;
      }
    }
    return isNew;
  }
}

async function run(input: Bytes): Promise<void> {
  header.setUint32(0, ++result.runs, true);
  header.setUint32(4, input.length, true);
  state.set(input, 8);
  writeSync(file, state, 0, 8 + input.length, 0);
  globalThis.__coverage.fill(0);
  const memory = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  try {
    await target!(Uint8Array.from(input));
  } catch (error) {
    if (!(error instanceof LakotaError)) {
      const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
      // The kind is where it was thrown: messages quote the input.
      const frames = stack.split("\n").filter((line) => /^ +at /.test(line));
      fail(
        input,
        `${name} ${frames.slice(0, 2)}`,
        `${name}: ${message.slice(0, 300)}\n${frames.slice(0, 6).join("\n")}`,
      );
    }
  }
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  const grown = process.resourceUsage().maxRSS - memory;
  result.slowest = Math.max(result.slowest, took);
  if (took > MAX_MILLISECONDS) fail(input, "time", `It took ${Math.round(took)} ms of CPU time.`);
  if (grown > MAX_MEMORY) fail(input, "memory", `It took ${Math.round(grown / 1024)} MB of memory.`);
  if (rejection) fail(input, `rejection ${rejection}`, `A rejection was not handled: ${rejection}`);
  rejection = undefined;
}

/** Writes to the corpus the shortest of the found inputs that together reach most of the new branches. */
async function keepFound(): Promise<void> {
  const coverage = new Coverage();
  for (const input of seeds) {
    await run(input);
    coverage.add();
  }
  let [kept, size] = [0, 0];
  for (const input of found.sort((a, b) => a.length - b.length)) {
    await run(input);
    if (kept === MAX_KEPT || size + input.length > MAX_KEPT_BYTES) break;
    if (!coverage.add()) continue;
    kept++;
    size += input.length;
    writeFileSync(join(corpus, nameOf(input)), input);
  }
}

const coverage = new Coverage();
for (const input of [...seeds, new Uint8Array(0)]) {
  await run(input);
  coverage.add();
}
const inputs = [...seeds];
const tokens = globalThis.__tokens.map((token) => new TextEncoder().encode(token));
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  // Later inputs reached more; each second run starts with one of the last.
  const recent = random.int(2) ? inputs.slice(-16) : inputs;
  if (inputs.length > 0 && random.int(GROWN) === 0) {
    await run(grow(random.pick(recent), random));
    continue;
  }
  const input =
    inputs.length === 0 || random.int(50) === 0
      ? Uint8Array.from({ length: random.int(200) }, () => random.int(256))
      : mutate(random.pick(recent), random, { inputs, tokens });
  await run(input);
  if (coverage.add() && input.length <= MAX_LENGTH) {
    inputs.push(input);
    found.push(input);
  }
}
result.found = found.length;
if (keep === "true") await keepFound();
console.log(JSON.stringify(result));
process.exit(0);
