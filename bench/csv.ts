/**
 * Measures import and export of CSV by the command, in a separate process: rows per second and peak memory. Two sizes show
 * that memory does not grow with the file. If `LAKOTA_PYTHON` is the path of a Python with Lakota and pandas, these are
 * measured too.
 *
 *     npx tsx bench/csv.ts [ROWS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "./report.ts";

const BIN = fileURLToPath(new URL("../dist/lakota.js", import.meta.url));
const python = process.env.LAKOTA_PYTHON;
const ROWS = 5_000_000;

/** Writes a CSV file of times, one per second, prices and volumes: about 45 bytes per row. */
async function makeCsv(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  let text = "timestamp,price,volume\n";
  let price = 100;
  let seed = 42;
  for (let row = 0; row < rows; row++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    price += (seed / 2 ** 32 - 0.5) / 10;
    const time = new Date(1_577_836_800_000 + row * 1000).toISOString().slice(0, 19);
    text += `${time},${price.toFixed(4)},${seed % 10_000}\n`;
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await once(file, "drain");
    text = "";
  }
  file.end(text);
  await once(file, "close");
}

interface Measured {
  seconds: number;
  megabytes: number;
}

/** Runs a program that prints its peak memory in KiB when it ends. `input` and `output` are paths. */
async function measure(command: readonly string[], input?: string, output?: string): Promise<Measured> {
  const start = performance.now();
  const child = spawn(command[0]!, command.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
  if (input) createReadStream(input).pipe(child.stdin);
  else child.stdin.end();
  if (output) child.stdout.pipe(createWriteStream(output));
  else child.stdout.resume();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  const peak = /PEAK (\d+)\n$/.exec(stderr)?.[1];
  if (code !== 0 || peak === undefined) throw new Error(`${command.join(" ")}: ${stderr}`);
  return { seconds: (performance.now() - start) / 1000, megabytes: Number(peak) / 1024 };
}

const NODE_PEAK = `data:text/javascript,process.on("exit",()=>console.error("PEAK",process.resourceUsage().maxRSS))`;
const PYTHON_PEAK = `
import resource
print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
`;

const PYTHON_WRITE = `
import sys, pandas
from lakota import Repo, Schema
frame = pandas.read_csv(sys.argv[2])
frame["timestamp"] = pandas.to_datetime(frame["timestamp"]).astype("datetime64[s]")
schema = Schema(timestamp="timestamp*", price="float", volume="int")
clct = Repo(sys.argv[1]).create_collection(schema, "c")
(clct / "s").write(frame)
${PYTHON_PEAK}`;
const PYTHON_READ = `
import sys
from lakota import Repo
(Repo(sys.argv[1]) / "c" / "s").df().to_csv(sys.argv[2], index=False)
${PYTHON_PEAK}`;

async function run(rows: number): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), "lakota-bench-csv-"));
  try {
    const csv = join(folder, "in.csv");
    const out = join(folder, "out.csv");
    await makeCsv(csv, rows);
    const node = [process.execPath, "--import", NODE_PEAK, BIN, "-r", join(folder, "repo")];
    const schema = ["timestamp timestamp*", "price float", "volume int"];
    await measure([...node, "create", "c", ...schema]);
    const lines: string[][] = [];
    const add = (name: string, { seconds, megabytes }: Measured) =>
      lines.push([
        name,
        rows.toLocaleString("en-US"),
        (statSync(csv).size / 1e6).toFixed(0),
        seconds.toFixed(1),
        Math.round(rows / seconds).toLocaleString("en-US"),
        megabytes.toFixed(0),
      ]);
    add("lakota write", await measure([...node, "write", "c/s"], csv));
    add("lakota read", await measure([...node, "read", "c/s"], undefined, out));
    if (python) {
      const other = join(folder, "python");
      add("Python Lakota, pandas: write", await measure([python, "-c", PYTHON_WRITE, other, csv]));
      add("Python Lakota, pandas: read", await measure([python, "-c", PYTHON_READ, other, out]));
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function benchCsv(rows = ROWS): Promise<void> {
  const results = [...(await run(Math.round(rows / 5))), ...(await run(rows))];
  console.log("\nImport and export of CSV by the command\n");
  console.log(table(["command", "rows", "MB of CSV", "s", "rows/s", "peak memory, MB"], results));
  if (!python) console.log("\nPython is not measured: LAKOTA_PYTHON is not set.");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchCsv(Number(process.argv[2] ?? ROWS));
