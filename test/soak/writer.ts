/** A process that writes one row after the other to a series that others write to as well. */
import { openRepo } from "../../src/node.ts";

const [uri, endpoint, number, writes] = process.argv.slice(2);
const repo = await openRepo(uri!, {
  cache: false,
  ...(endpoint && { endpoint, credentials: { accessKeyId: "id", secretAccessKey: "secret" } }),
});
const series = (await repo.collection("c")).series("s");
for (let i = 0; i < Number(writes); i++) {
  // Each has keys of its own, between those of the others.
  const key = i * 100 + Number(number);
  await series.write({ t: [key], v: [Number(number)] });
  console.log(key); // acknowledged
}
repo.close();
