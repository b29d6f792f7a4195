import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepo } from "lakota/node";
import { serveFolder } from "../../test/packaging/static-server.ts";
import type { Stage } from "../browser/stage.ts";
import { table } from "../report.ts";

const FIRST_ROWS = { kind: "tail", rows: 1_000 } as const;
const FIRST_PICTURE = { kind: "downsample", points: 2_400 } as const;

/**
 * Serves the repository of the stage from a plain web host, which cannot list files. Prints how many requests a browser
 * with an empty cache needs for the first rows, and for a first picture of all rows.
 */
export async function benchHost({ s3, context, visit }: Stage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-host-"));
  const repo = await openRepo(folder);
  const host = await serveFolder(folder, { cors: true });
  try {
    s3.shape = { latencyMs: 0, mbps: 0 };
    await repo.pull({ uri: "s3://lakota/bench", endpoint: s3.url, credentials: context.keys });
    await repo.publish();
    const lines = [];
    for (const [name, query] of [
      ["the last 1,000 rows", FIRST_ROWS],
      ["a picture of all rows", FIRST_PICTURE],
    ] as const) {
      const [before, bytes] = [host.answers.length, host.bytes];
      const rows = await visit(async (open) => (await open()).evaluate(run, [host.url, query] as const));
      const answers = host.answers.slice(before);
      const count = (path: RegExp) => String(answers.filter((answer) => path.test(answer)).length);
      lines.push([
        name,
        rows.toLocaleString("en"),
        String(answers.length),
        count(/index\.json$/),
        count(/\/[^/]*\.[^/]*\.[^/]*$/),
        count(/\/[0-9a-f]{36}$/),
        ((host.bytes - bytes) / 1e6).toFixed(2),
      ]);
    }
    console.log("\nThe same repository on a plain web host, published, nothing cached\n");
    console.log(table(["query", "rows", "requests", "index", "revisions", "chunks", "MB"], lines));
  } finally {
    await host.close();
    repo.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs in the page. Returns the number of rows that were read or drawn. */
async function run([url, query]: readonly [string, typeof FIRST_ROWS | typeof FIRST_PICTURE]) {
  const address = "/dist/index.js";
  const { connect }: typeof import("lakota") = await import(address);
  const series = (await (await connect(url)).collection("bench")).series("s");
  if (query.kind === "tail") return (await series.tail(query.rows)).length;
  return (await series.downsample({ points: query.points })).rows;
}
