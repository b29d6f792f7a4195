/** Creates a repository, writes a series, replaces part of it, and reads it back. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder); // or "s3://bucket/prefix"; in a page: connect("s3://…")
  const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
  const temperature = await repo.createCollection(schema, "temperature");
  const brussels = temperature.series("Brussels");

  await brussels.write({
    timestamp: ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"],
    celsius: [4.5, 6.1, 5.8, 7.2],
  });
  // Rows between the first and the last key are replaced; rows outside that range remain.
  await brussels.write({ timestamp: ["2026-03-02", "2026-03-03"], celsius: [6.0, 6.5] });
  // `start` and `stop` replace a wider range than the rows span: here the 4th becomes empty.
  await brussels.write(
    { timestamp: ["2026-03-03"], celsius: [6.4] },
    { start: "2026-03-03", stop: "2026-03-05", closed: "left" },
  );

  const frame = await brussels.read({ numbers: true });
  for (const [row, at] of frame.numbers("timestamp").entries()) {
    console.log(new Date(at).toISOString().slice(0, 10), frame.numbers("celsius")[row]);
  }

  // @ts-expect-error: TypeScript refuses it, too
  await brussels.write({ timestamp: ["2026-03-05"], celsius: ["warm"] }).catch((error) => {
    console.log(error.code, "-", error.message);
  });
  repo.close();
});

// Prints:
// 2026-03-01 4.5
// 2026-03-02 6
// 2026-03-03 6.4
// invalid-frame - Column "celsius", row 0: "warm" is not a number.
