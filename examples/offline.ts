/**
 * Pulls a collection, works on it without a network, and pushes it back. In a page this would be
 * `connect("indexeddb://mine")` and `pull("s3://bucket/weather")`; here two folders take their place.
 */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const [cloud, device] = [`${folder}/cloud`, `${folder}/device`];
  const remote = await openRepo(cloud);
  const schema = new Schema({ day: "date*", celsius: "float" });
  const shared = await remote.createCollection(schema, "temperature");
  await shared.series("Brussels").write({ day: ["2026-03-01"], celsius: [4] });

  const local = await openRepo(device);
  const report = await local.pull(cloud, { labels: ["temperature"], shallow: true });
  console.log(
    "pulled:",
    report.collections.map(({ label, revisions }) => `${label}, ${revisions} revision`),
  );

  // Offline: a local write. Meanwhile another client writes to the remote repository.
  const own = await local.collection("temperature");
  await own.series("Brussels").write({ day: ["2026-03-02"], celsius: [5] });
  await shared.series("Brussels").write({ day: ["2026-03-03"], celsius: [6] });

  await local.pull(cloud);
  const { conflicts } = await own.merge();
  console.log("conflicts:", conflicts.length);
  await local.push(cloud);
  await shared.refresh();
  console.log("in the cloud:", Array.from((await shared.series("Brussels").read()).numbers("celsius")));
  local.close();
  remote.close();
});

// Prints:
// pulled: [ 'temperature, 1 revision' ]
// conflicts: 0
// in the cloud: [ 4, 5, 6 ]
