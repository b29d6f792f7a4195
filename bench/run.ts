/** `npm run bench`: measures what the README claims, next to the alternatives that a user has. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { benchChart } from "./chart/run.ts";
import { benchCopies } from "./copies.ts";
import { benchCsv } from "./csv.ts";
import { benchFirstVisit } from "./first-visit/run.ts";
import { benchGrowth } from "./growth/run.ts";
import { benchLongHistories } from "./long-histories.ts";
import { benchQuerying } from "./querying.ts";
import { benchWriting } from "./writing.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });

console.log("\nDecoding in Node\n");
await import("./decode.ts");
await benchWriting();
await benchLongHistories();
await benchCopies();
await benchGrowth();
await benchQuerying();
await benchCsv();
await benchFirstVisit({ latencyMs: 30, mbps: 100, repetitions: 3 });
await benchFirstVisit({ latencyMs: 0, mbps: 0, repetitions: 3, queries: ["last", "all"] });
await benchFirstVisit({
  latencyMs: 30,
  mbps: 100,
  repetitions: 3,
  queries: ["picture"],
  rows: 10_000_000,
  series: "prices",
});
await benchFirstVisit({
  latencyMs: 30,
  mbps: 100,
  repetitions: 3,
  peers: ["lakota"],
  queries: ["last", "refresh"],
  revisions: 10_000,
});
await benchChart({ latencyMs: 30, mbps: 100, repetitions: 3 });
