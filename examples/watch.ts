/** Is notified of new revisions by any writer, and reads only what changed. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ t: "int*", value: "float" });
  const series = (await repo.createCollection(schema, "live")).series("s");
  await series.write({ t: [1, 2, 3], value: [1, 2, 3] });

  const since = (await (await repo.collection("live")).log()).filter(({ head }) => head);
  let stop = () => {};
  const notified = new Promise<void>((done) => {
    stop = series.watch(
      async ({ ranges }) => {
        for (const { kind, start, stop, closed } of ranges) {
          const frame = await series.read({ start, stop, closed });
          console.log(kind, Array.from(frame.numbers("value")));
        }
        done();
      },
      { every: 20, since }, // milliseconds; default 5,000
    );
  });

  const elsewhere = await openRepo(folder); // as another process would
  await (await elsewhere.collection("live")).series("s").write({ t: [4, 5], value: [4.5, 5.5] });
  await notified;
  stop();
  elsewhere.close();
  repo.close();
});

// Prints:
// added [ 4.5, 5.5 ]
