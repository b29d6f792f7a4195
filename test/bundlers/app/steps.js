import { connect, Schema } from "lakota";
import { connectOptions } from "./options.js";

const warnings = [];
const options = (endpoint) => ({
  ...connectOptions,
  endpoint,
  credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  retries: 1,
  onWarning: (message) => warnings.push(message),
});

let repo;
let collection;

/** Reads, filters and downsamples a golden repository, whose chunks are large enough for decoders. */
export async function read(endpoint) {
  const golden = await connect("s3://golden/h_large", { ...options(endpoint), cache: false });
  const big = await golden.collection("big");
  const lengths = await Promise.all(
    [0, 1, 2, 3, 4].map(async (number) => (await big.series(`series-${number}`).read()).length),
  );
  const series = big.series("series-0");
  const filtered = await series.read({ where: "(> self.value 0)" });
  const { columns } = await series.downsample({ points: 100 });
  golden.close();
  return { rows: lengths, filtered: filtered.length, points: columns.value.x.length, warnings };
}

/** Creates a series with two rows. */
export async function create(endpoint, path) {
  repo = await connect(`s3://data/${path}`, { ...options(endpoint), writeOffline: true });
  collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  await collection.series("s").write({ t: [1, 2], x: [1, 2] });
  await collection.pin();
}

/** Writes a row while the server is down. Returns whether it waits, and the rows that are read then. */
export async function writeOffline() {
  await collection.series("s").write({ t: [3], x: [3] });
  const { waiting } = await repo.status();
  return { waits: waiting > 0, rows: await collection.series("s").length() };
}

/** Sends that row. */
export async function send() {
  const { waiting } = await repo.send();
  repo.close();
  return { waiting };
}
