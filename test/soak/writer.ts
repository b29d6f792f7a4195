/** A process that writes single rows to a series to which other processes write at the same time. */
import { openRepo } from "../../src/node.ts";

const [uri, endpoint, number, writes] = process.argv.slice(2);
const repo = await openRepo(uri!, {
  cache: false,
  ...(endpoint && { endpoint, credentials: { accessKeyId: "id", secretAccessKey: "secret" } }),
});
const series = (await repo.collection("c")).series("s");
for (let i = 0; i < Number(writes); i++) {
  // The keys of the processes are different, and interleaved.
  const key = i * 100 + Number(number);
  await series.write({ t: [key], v: [Number(number)] });
  console.log(key); // acknowledged
}
repo.close();
