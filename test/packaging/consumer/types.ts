import { connect, LakotaError, Schema } from "lakota";
import { openRepo } from "lakota/engine";
import { importFiles, readCsv } from "lakota/interchange";
import { folderSink } from "lakota/interchange/node";
import { openRepo as openNodeRepo } from "lakota/node";
import { col, floor, gt, max, reduce } from "lakota/query";

/** Code of an app, which is only type-checked. A type that became `any` would make `@ts-expect-error` fail. */
export async function newest(uri: string): Promise<number> {
  const opened = await Promise.all([connect(uri), openRepo(uri), openNodeRepo(uri)]);
  try {
    const schema = new Schema({ timestamp: "timestamp*", value: "float" });
    const collection = await opened[0].createCollection(schema, "temperature");
    await collection.series("Brussels").write({ timestamp: [new Date(0)], value: [1] });
    const frame = await collection
      .series("Brussels")
      .read({ start: "2020-01-01", columns: ["value"], numbers: true });
    const labels: string[] = await opened[1].ls();
    // @ts-expect-error `limit` is a number.
    await collection.series(labels[0]).read({ limit: "ten" });
    const days = await collection.series("Brussels").reduce({
      columns: { day: floor(col("timestamp"), "day", "Europe/Brussels"), top: max(col("value")) },
      where: gt(col("value"), 0),
    });
    // @ts-expect-error a condition is of rows, not of groups.
    reduce(days, { top: "top" }, { where: gt(max(col("top")), 0) });
    const { types, frames } = await readCsv("t,v\n1,2\n", { types: { v: "f4" } });
    for await (const page of frames()) await collection.series("csv").write(page);
    await importFiles(opened[0], [new File([], "a.csv")], { collection: Object.keys(types)[0] });
    folderSink("data");
    return frame.length;
  } catch (error) {
    if (error instanceof LakotaError && error.code === "not-found") return 0;
    throw error;
  } finally {
    for (const repo of opened) repo.close();
  }
}
