/** Many series in one revision: all of them, or none. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
  const collection = await repo.createCollection(schema, "temperature");
  const now = ["2026-03-01T12:00"];

  await collection.batch(
    async (batch) => {
      for (let i = 0; i < 100; i++) {
        await batch.series(`station ${i}`).write({ timestamp: now, celsius: [i / 10] });
      }
      await batch.rename("station 0", "Uccle");
    },
    { note: { author: "loader", message: "first load" } },
  );
  console.log((await collection.ls()).length, "series,", (await collection.log()).length, "revision");

  await collection
    .batch(async (batch) => {
      await batch.series("Uccle").write({ timestamp: now, celsius: [99] });
      throw new Error("the source broke off");
    })
    .catch((error) => console.log(error.message));
  const frame = await collection.series("Uccle").read();
  console.log("still", frame.get("celsius")[0], "and", (await collection.log()).length, "revision");
  repo.close();
});

// Prints:
// 100 series, 1 revision
// the source broke off
// still 0 and 1 revision
