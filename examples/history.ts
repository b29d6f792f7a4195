/** The log of a collection, reading an earlier revision, diff and revert. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ day: "date*", celsius: "float" });
  const collection = await repo.createCollection(schema, "temperature");
  const brussels = collection.series("Brussels");
  const values = async (options = {}) => Array.from((await brussels.read(options)).numbers("celsius"));

  const note = (author: string, message: string) => ({ note: { author, message } });
  await brussels.write({ day: ["2026-03-01", "2026-03-02"], celsius: [4, 5] }, note("Ada", "first days"));
  await brussels.write({ day: ["2026-03-02"], celsius: [55] }, note("Bob", "correction"));
  await brussels.write({ day: ["2026-03-03"], celsius: [6] }, note("Ada", "next day"));

  const log = await collection.log({ details: true });
  for (const { note, rows, head } of log) console.log(note, rows, head ? "head" : "");

  // `before` accepts a revision from the log, a time, or the first 11 digits of a revision id.
  console.log("now", await values(), "before Bob", await values({ before: log[1] }));

  for (const { kind, start, rows } of await collection.diff(log[0]!, log[2]!, { rows: true })) {
    const [was, is] = [rows?.removed, rows?.added].map((frame) => Array.from(frame!.numbers("celsius")));
    console.log(kind, "from day", Number(start[0]), was, "to", is);
  }

  await collection.revert(log[0]!, note("Ada", "wrong sensor"));
  console.log("back to", await values(), "after", (await collection.log()).length, "revisions");
  repo.close();
});

// Prints:
// { author: 'Ada', message: 'first days' } 2
// { author: 'Bob', message: 'correction' } 1
// { author: 'Ada', message: 'next day' } 1 head
// now [ 4, 55, 6 ] before Bob [ 4, 5 ]
// changed from day 20514 [ 5 ] to [ 55 ]
// added from day 20515 [] to [ 6 ]
// back to [ 4, 5 ] after 4 revisions
