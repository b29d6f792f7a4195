/**
 * SQL over a frame, which DuckDB reads as a table of Apache Arrow. The table shares the memory of the frame; DuckDB
 * copies it once, into its own memory.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createDuckDB, NODE_RUNTIME, VoidLogger } from "@duckdb/duckdb-wasm/blocking";
import { insertFrame, toArrow } from "lakota/arrow";
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ time: "timestamp*", station: "str*", value: "float" });
  const series = (await repo.createCollection(schema, "weather")).series("Belgium");
  await series.write({
    time: ["2026-03-01", "2026-03-01", "2026-03-02", "2026-03-02"],
    station: ["Brussels", "Ghent", "Brussels", "Ghent"],
    value: [4.5, 5.5, 6.5, 8],
  });

  const frame = await series.read();
  const table = toArrow(frame);
  console.log("memory is shared:", table.getChild("value")!.data[0]!.values === frame.get("value"));

  const dist = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
  const [mvp, eh] = ["mvp", "eh"].map((name) => ({
    mainModule: join(dist, `duckdb-${name}.wasm`),
    mainWorker: join(dist, `duckdb-node-${name}.worker.cjs`),
  }));
  const db = await createDuckDB({ mvp: mvp!, eh: eh! }, new VoidLogger(), NODE_RUNTIME);
  await db.instantiate();
  const connection = db.connect();
  await insertFrame(connection, "weather", frame);
  const result = connection.query(
    "select station, avg(value) as mean, max(time)::varchar as newest from weather group by station order by station",
  );
  for (const row of result.toArray()) console.log(row.toJSON());
  connection.close();
  repo.close();
});

// Prints:
// memory is shared: true
// { station: 'Brussels', mean: 5.5, newest: '2026-03-02 00:00:00+00' }
// { station: 'Ghent', mean: 6.75, newest: '2026-03-02 00:00:00+00' }
