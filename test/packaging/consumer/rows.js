/** Enough for several chunks that are stored as files. */
const ROWS = 200_000;

/** Writes rows to the repo that `open` returns, and describes what it reads: "199998 rows, value 1.5 to 100000". */
export async function writeAndRead(open, Schema) {
  const repo = await open("memory://");
  try {
    const schema = new Schema({ timestamp: "timestamp*", value: "float" });
    const collection = await repo.createCollection(schema, "temperature");
    const series = collection.series("Brussels");
    const start = Date.UTC(2020, 0, 1);
    await series.write({
      timestamp: Array.from({ length: ROWS }, (_, row) => new Date(start + row * 60_000)),
      value: Float64Array.from({ length: ROWS }, (_, row) => row * 0.5 + 0.5),
    });
    const frame = await series.read({ start: "2020-01-01T00:02:00Z", columns: ["value"] });
    const value = frame.get("value");
    return `${frame.length} rows, value ${value[0]} to ${value[value.length - 1]}`;
  } finally {
    repo.close();
  }
}

/** Shows the result of {@link writeAndRead} or its error on the page. */
export async function show(open, Schema) {
  const output = document.querySelector("output");
  try {
    output.textContent = await writeAndRead(open, Schema);
  } catch (error) {
    output.textContent = `${error} (${error.code})`;
  }
}
