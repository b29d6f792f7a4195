/** Two concurrent writers create two heads. Readers see both; a merge joins them. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ t: "int*", value: "float" });
  const collection = await repo.createCollection(schema, "c");
  const series = collection.series("s");
  await series.write({ t: [1, 2, 3], value: [1, 2, 3] });

  // A copy is made, and both are written to.
  const copy = await openRepo(`${folder}/copy`);
  await copy.pull(folder);
  const theirs = (await copy.collection("c")).series("s");
  await series.write({ t: [3, 4], value: [30, 40] });
  await theirs.write({ t: [0], value: [0] });
  await theirs.write({ t: [3], value: [33] }); // the later one

  await repo.pull(`${folder}/copy`);
  const heads = (await collection.log()).filter(({ head }) => head);
  console.log(heads.length, "heads:", Array.from((await series.read()).numbers("value")));

  const { conflicts } = await collection.merge();
  for (const { label, start, stop } of conflicts) console.log("conflict in", label, start, stop);
  const after = (await collection.log()).filter(({ head }) => head);
  console.log(after.length, "head:", Array.from((await series.read()).numbers("value")));
  copy.close();
  repo.close();
});

// Prints:
// 2 heads: [ 0, 1, 2, 33, 40 ]
// conflict in s [ 3n ] [ 3n ]
// 1 head: [ 0, 1, 2, 33, 40 ]
