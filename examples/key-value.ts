/** A key-value collection: one row per key. A new row replaces the previous one. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = Schema.kv({ station: "str*", height: "i4", owner: "str" });
  const stations = (await repo.createCollection(schema, "stations")).series("all");

  await stations.write({ station: ["Uccle", "Ghent"], height: [100, 8], owner: ["RMI", "city"] });
  await stations.write({ station: ["Arlon", "Ghent"], height: [404, 9], owner: ["RMI", "city"] });
  await stations.update({ station: ["Arlon"], owner: ["province"] });
  await stations.delete({ keys: ["Uccle"] });

  const frame = await stations.read();
  for (let row = 0; row < frame.length; row++) {
    console.log(frame.columns.map((name) => frame.get(name)[row]).join(", "));
  }
  repo.close();
});

// Prints:
// Arlon, 404, province
// Ghent, 9, city
