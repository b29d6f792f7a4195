/** Arguments: the address of the S3 server, a folder. Prints what `lakota/engine` and `lakota/node` read and write, as JSON. */
import process from "node:process";
import * as engine from "lakota/engine";
import * as node from "lakota/node";

const [endpoint, folder] = process.argv.slice(2);
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };

async function readGolden({ openRepo }) {
  const repo = await openRepo("s3://golden/h_large", { endpoint, credentials, cache: false });
  const big = await repo.collection("big");
  const rows = [];
  for (const number of [0, 1, 2, 3, 4]) rows.push((await big.series(`series-${number}`).read()).length);
  const series = big.series("series-0");
  const filtered = await series.read({ where: "(> self.value 0)" });
  const { columns } = await series.downsample({ points: 100 });
  repo.close();
  return { rows, filtered: filtered.length, points: columns.value.x.length };
}

async function write({ openRepo, Schema }, uri) {
  const repo = await openRepo(uri);
  const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  const series = collection.series("s");
  const t = Array.from({ length: 100_000 }, (_, row) => row);
  await series.write({ t, x: t });
  const { length } = await series.read({ where: "(< self.x 1000)" });
  repo.close();
  return length;
}

const results = {
  engine: { ...(await readGolden(engine)), written: await write(engine, "memory://") },
  node: { ...(await readGolden(node)), written: await write(node, folder) },
};
console.log(JSON.stringify(results));
