/**
 * `npm run fuzz -- [TARGET …] [--seconds N] [--seed N] [--keep]`: fuzzes the targets for N seconds in all (default
 * 60), guided by which branches of the code an input reaches. Fails if an input ends the process, does not return,
 * takes too much time or memory, or is refused with anything but a LakotaError. `--keep` adds to the corpus the
 * shortest inputs that reach new branches.
 */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";
import type { Result } from "./child.ts";
import { instrument } from "./instrument.ts";
import { targets } from "./targets.ts";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BUNDLE = at(".cache/fuzz/bundle");
const FAILURES = at(".cache/fuzz/failures");
/** What scripts/tally.mjs prints at the end of CI. */
const REPORT = at(".cache/reports/fuzz.json");
/** Counters of branches. Those of some branches are shared. */
const BRANCHES = 1 << 14;
/** Milliseconds without a new run after which a process counts as hanging. */
const MAX_SILENCE = 20_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: `${Date.now() % 1e9}` },
    keep: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(targets, name));
if (unknown.length > 0 || !(Number(values.seconds) > 0)) {
  console.error(`usage: npm run fuzz -- [TARGET …] [--seconds N] [--seed N] [--keep]`);
  console.error(`The targets are ${Object.keys(targets).join(", ")}.`);
  process.exit(2);
}
const names = positionals.length > 0 ? positionals : Object.keys(targets);
const secondsEach = Number(values.seconds) / names.length;

async function bundle(): Promise<void> {
  await build({
    configFile: false,
    root: at("."),
    logLevel: "error",
    resolve: { tsconfigPaths: true },
    ssr: { noExternal: true },
    plugins: [instrument(BRANCHES)],
    build: {
      ssr: at("test/fuzz/child.ts"),
      outDir: BUNDLE,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: "child.mjs",
          codeSplitting: false,
        },
      },
    },
  });
  copyFileSync(at("wasm/src/decoder.wasm"), `${BUNDLE}/decoder.wasm`);
  copyFileSync(at("wasm/src/encoder.wasm"), `${BUNDLE}/encoder.wasm`);
}

/** Fuzzes one target in a process of its own. */
async function fuzz(name: string): Promise<Result> {
  const current = at(`.cache/fuzz/current-${name}`);
  writeFileSync(current, new Uint8Array(8));
  const corpus = at(`test/fuzz/corpus/${name}`);
  const args = [name, `${secondsEach}`, values.seed, current, corpus, FAILURES, `${values.keep}`];
  const child = spawn(process.execPath, ["--max-old-space-size=1024", `${BUNDLE}/child.mjs`, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FUZZ_WASM: BUNDLE },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const runsNow = () => readFileSync(current).readUInt32LE(0);
  let [last, since, isHanging] = [0, Date.now(), false];
  const watchdog = setInterval(() => {
    const runs = runsNow();
    if (runs !== last) [last, since] = [runs, Date.now()];
    else if (Date.now() - since > MAX_SILENCE) {
      isHanging = true;
      child.kill("SIGKILL");
    }
  }, 500);
  const code = await new Promise((resolve) =>
    child.on("close", (status, signal) => resolve(status ?? signal)),
  );
  clearInterval(watchdog);
  if (code === 0) return JSON.parse(output.trim().split("\n").at(-1)!) as Result;
  const state = readFileSync(current);
  const path = `${FAILURES}/${name}-${isHanging ? "hang" : "crash"}`;
  writeFileSync(path, state.subarray(8, 8 + state.readUInt32LE(4)));
  const why = isHanging
    ? `It did not return within ${MAX_SILENCE} ms.`
    : `The process ended with ${code}. ${errors}`;
  return {
    runs: state.readUInt32LE(0),
    found: 0,
    slowest: 0,
    failures: [`${why.slice(0, 2000)}\n  input: ${path}`],
  };
}

mkdirSync(FAILURES, { recursive: true });
await bundle();
let [runs, failures] = [0, 0];
for (const name of names) {
  const result = await fuzz(name);
  runs += result.runs;
  failures += result.failures.length;
  for (const failure of result.failures) console.error(`fuzz ${name}: ${failure}`);
  console.log(
    `fuzz ${name}: ${result.runs} runs, ${result.found} inputs reached new code, slowest ${Math.round(result.slowest)} ms`,
  );
}
console.log(`fuzz: ${runs} inputs, ${failures} failures (seed ${values.seed})`);
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(REPORT, JSON.stringify({ inputs: runs, failures }));
process.exitCode = failures === 0 ? 0 : 1;
