/** Updates some columns of some rows, and deletes rows: a range, single keys, a whole series. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ day: "date*", celsius: "float", quality: "i1" });
  const collection = await repo.createCollection(schema, "temperature");
  const brussels = collection.series("Brussels");
  const days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];
  await brussels.write({ day: days, celsius: [4, 5, 6, 7, 8], quality: [1, 1, 1, 1, 1] });
  const show = async (what: string) => {
    const frame = await brussels.read();
    console.log(what, Array.from(frame.numbers("celsius")), Array.from(frame.numbers("quality")));
  };

  // The index columns select the rows. Columns that are absent keep their values; in new rows they are zero.
  await brussels.update({ day: ["2026-03-02", "2026-03-06"], quality: [3, 2] });
  await show("updated");

  await brussels.delete({ start: "2026-03-01", stop: "2026-03-03" }); // excludes the 3rd, as in reading
  await show("without a range");

  await brussels.delete({ keys: ["2026-03-04", "2026-03-06"] });
  await show("without two keys");

  await collection.rename("Brussels", "Uccle");
  console.log(await collection.ls());
  await collection.drop("Uccle"); // its history remains
  console.log(await collection.ls());
  repo.close();
});

// Prints:
// updated [ 4, 5, 6, 7, 8, 0 ] [ 1, 3, 1, 1, 1, 2 ]
// without a range [ 6, 7, 8, 0 ] [ 1, 1, 1, 2 ]
// without two keys [ 6, 8 ] [ 1, 1 ]
// [ 'Uccle' ]
// []
