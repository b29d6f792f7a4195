import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";
import script from "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url";
import wasm from "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url";
import { connect } from "lakota";
import { insertFrame } from "lakota/arrow";

const form = document.querySelector("form")!;
const query = document.querySelector("textarea")!;
const button = document.querySelector("button")!;
const result = document.querySelector("#result")!;
const status = document.querySelector("output")!;

/** Starts DuckDB in a worker of its own. */
async function startDuckDB() {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(script));
  await database.instantiate(new URL(wasm, location.href).href);
  return database.connect();
}

/** Reads a year of all series at once, while DuckDB starts, and makes each a part of one table. */
async function load() {
  const duckdb = startDuckDB();
  // Or connect("s3://bucket/prefix", { region, credentials }).
  const repo = await connect(new URL("../repository", location.href).href);
  const collection = await repo.collection("temperature");
  const frames = await collection.read(await collection.ls(), { start: "2025-01-01", stop: "2026-01-01" });
  const connection = await duckdb;
  const parts: string[] = [];
  for (const [i, [label, frame]] of [...frames].entries()) {
    await insertFrame(connection, `part${i}`, frame);
    parts.push(
      `select '${label.replaceAll("'", "''")}' as series, timestamp::timestamp as timestamp, celsius from part${i}`,
    );
  }
  await connection.query(`create view temperature as ${parts.join(" union all ")}`);
  return connection;
}

/** Tells a failure, or how long work took. */
async function report(work: () => Promise<string>): Promise<void> {
  button.disabled = true;
  try {
    status.textContent = await work();
    status.className = "";
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
    status.className = "error";
  } finally {
    button.disabled = false;
  }
}

const loaded = load();

const run = () =>
  report(async () => {
    const connection = await loaded;
    const started = performance.now();
    const table = await connection.query(query.value);
    const names = table.schema.fields.map(({ name }) => name);
    const rows = table.toArray().map((row) => names.map((name) => String(row[name])));
    result.replaceChildren(toTable(names, rows));
    return `${rows.length} rows in ${Math.round(performance.now() - started)} ms`;
  });

function toTable(names: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of names) head.append(Object.assign(document.createElement("th"), { textContent: name }));
  const body = table.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    for (const cell of cells) row.insertCell().textContent = cell;
  }
  return table;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
void run();
