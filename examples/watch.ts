/** Hears of new revisions, whoever wrote them, and reads just what changed. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ t: "int*", value: "float" });
  const series = (await repo.createCollection(schema, "live")).series("s");
  await series.write({ t: [1, 2, 3], value: [1, 2, 3] });

  const since = (await (await repo.collection("live")).log()).filter(({ head }) => head);
  let stop = () => {};
  const heard = new Promise<void>((done) => {
    stop = series.watch(
      async ({ ranges }) => {
        for (const { kind, start, stop, closed } of ranges) {
          const frame = await series.read({ start, stop, closed });
          console.log(kind, Array.from(frame.numbers("value")));
        }
        done();
      },
      { every: 20, since }, // milliseconds; 5,000 if you say nothing
    );
  });

  const elsewhere = await openRepo(folder); // another process, another machine
  await (await elsewhere.collection("live")).series("s").write({ t: [4, 5], value: [4.5, 5.5] });
  await heard;
  stop();
  elsewhere.close();
  repo.close();
});

// Prints:
// added [ 4.5, 5.5 ]
