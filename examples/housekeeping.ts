/** Merging segments, trimming the history, freeing chunks; renaming, cloning and deleting collections. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ t: "int*", value: "float" });
  const collection = await repo.createCollection(schema, "c");
  const series = collection.series("s");
  for (let day = 0; day < 6; day++) {
    const t = Array.from({ length: 2_000 - 300 * day }, (_, row) => 10_000 * day + row);
    await series.write({ t, value: t.map((at) => Math.sin(at)) });
  }

  const { series: defragmented } = await collection.defrag({ dryRun: true }); // reports what it would do
  for (const { label, was, segments } of defragmented)
    console.log(label, "has", was, "segments; can have", segments);
  await collection.defrag();

  const { removed } = await collection.trim({ before: Date.now() + 1 }); // all but the head
  console.log("forgot", removed.length, "revisions");

  const aside = await repo.gc(); // first sets aside the chunks that no commit refers to,
  const freed = await repo.gc({ grace: -1 }); // later deletes them: by default after 10 minutes
  console.log("freed all that was set aside:", freed.deleted.files === aside.setAside.files);
  console.log("rows:", await series.length());

  await repo.rename("c", "waves");
  const wider = new Schema({ t: "int*", value: "float", quality: "i1" });
  await repo.clone("waves", "copy", { schema: wider, defaults: { quality: 1 } }); // shares the chunks
  console.log(await repo.ls());
  const { revisions } = await repo.delete("waves");
  console.log("deleted", revisions, "revision;", await repo.ls());
  repo.close();
});

// Prints:
// s has 6 segments; can have 1
// forgot 6 revisions
// freed all that was set aside: true
// rows: 7500
// [ 'copy', 'waves' ]
// deleted 1 revision; [ 'copy' ]
