/** Import and export: CSV with inferred types, a folder of files as series, a collection as files. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { exportCollection, filesIn, folderSink, importFiles, readCsv, toRows } from "lakota/interchange/node";
import { openRepo } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(`${folder}/repo`);

  // One file: look at what was detected, correct it, and write the rows as they are read.
  const text = "Datum;Preis;Anzahl\n01.03.2026 09:00;12,5;9007199254740993\n01.03.2026 09:01;;2\n";
  const options = { timeZone: "Europe/Berlin" };
  const { types, delimiter, decimal, formats } = await readCsv(text, options);
  console.log(types);
  console.log(delimiter, decimal, formats);
  const csv = await readCsv(text, { ...options, types: { ...types, Preis: "f4" } });
  const collection = await repo.createCollection(csv.schema, "prices");
  await collection.batch(async (batch) => {
    for await (const frame of csv.frames()) await batch.series("ACME").write(frame);
  });
  console.log(toRows(await collection.series("ACME").read()));

  // A folder: each file becomes a series.
  await mkdir(`${folder}/in/eu`, { recursive: true });
  await writeFile(`${folder}/in/eu/Brussels.csv`, "time,value\n2026-03-01,4\n2026-03-02,5\n");
  await writeFile(`${folder}/in/Boston.csv`, "time,value\n2026-03-01,1.5\n");
  const files = await filesIn(`${folder}/in`);
  const plan = await importFiles(repo, files, { collection: "weather", dryRun: true });
  console.log(plan.types);
  const done = await importFiles(repo, files, { collection: "weather" });
  for (const { label, rows } of done.series) console.log(label, rows);

  // Export the collection.
  await exportCollection(await repo.collection("weather"), folderSink(`${folder}/out`));
  const written = await readFile(`${folder}/out/eu/Brussels.csv`, "utf8");
  console.log(written.trimEnd());
  repo.close();
});

// Prints:
// { Datum: 'timestamp*', Preis: 'float', Anzahl: 'int' }
// ; , { Datum: '%d.%m.%Y %H:%M' }
// [
//   {
//     Datum: '2026-03-01T08:00:00Z',
//     Preis: 12.5,
//     Anzahl: 9007199254740993n
//   },
//   { Datum: '2026-03-01T08:01:00Z', Preis: null, Anzahl: 2n }
// ]
// { time: 'date*', value: 'float' }
// Boston 1
// eu/Brussels 2
// time,value
// 2026-03-01,4
// 2026-03-02,5
