/**
 * Many processes that write to and read from one repository on Ceph's S3 server, at the same time.
 * `npx tsx bench/many-machines/run.ts [--seconds 120] [--writers 16] [--readers 64] [--table flat,tree] [--collections 1,4]`
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import { startCluster } from "../../test/radosgw/cluster.ts";
import { KEYS, sdkClient } from "../../test/s3-server/tools.ts";
import { type Measurement, measure } from "./measure.ts";
import { summaryOf } from "./summary.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    writers: { type: "string", default: "16" },
    readers: { type: "string", default: "64" },
    every: { type: "string", default: "2000" },
    series: { type: "string", default: "1000" },
    table: { type: "string", default: "flat,tree" },
    collections: { type: "string", default: "1,4" },
  },
});

const isTableKind = (text: string): text is TableKind => text === "flat" || text === "tree";
const kinds = values.table.split(",").filter(isTableKind);
const shards = values.collections.split(",").map(Number);
const [seconds, writers, readers, every, series] = [
  values.seconds,
  values.writers,
  values.readers,
  values.every,
  values.series,
].map(Number) as [number, number, number, number, number];

const cluster = await startCluster(KEYS);
const measurements: Measurement[] = [];
try {
  await sdkClient(cluster).send(new CreateBucketCommand({ Bucket: "data" }));
  for (const collections of shards) {
    for (const table of kinds) {
      const uri = `s3://data/${table}-${collections}`;
      const setting = {
        endpoint: cluster.url,
        uri,
        table,
        collections,
        series,
        writers,
        readers,
        every,
        seconds,
      };
      console.error(
        `${table}, ${collections} collections: ${writers} writers and ${readers} readers, ${seconds} s`,
      );
      const measurement = await measure(setting);
      measurements.push(measurement);
      for (const problem of measurement.checked.problems) console.error(problem);
    }
  }
} finally {
  await cluster.close();
}
console.log(
  `\n${writers} processes that write, ${readers} readers in ${Math.min(8, readers)} processes, each refreshing every ` +
    `${every} ms; ${series} other series; ${seconds} s; ${cpus().length} cores for these and the server\n`,
);
console.log(summaryOf(measurements));
if (measurements.some(({ checked }) => checked.problems.length > 0)) process.exitCode = 1;
