import * as engine from "lakota/engine";
import { readCsv, readParquet, writeCsv } from "lakota/interchange";
import * as node from "lakota/node";
import { writeAndRead } from "./rows.js";

console.log(await writeAndRead(engine.openRepo, engine.Schema));
console.log(await writeAndRead(node.openRepo, node.Schema));
console.log(engine.LakotaError === node.LakotaError ? "one error class" : "two error classes");

const { frames } = await readCsv("t,v\n1,1.5\n");
for await (const text of writeCsv(frames())) process.stdout.write(text);
await readParquet(new Blob([])).catch((error) => {
  console.log(error instanceof engine.LakotaError ? error.message : "another error class");
});
