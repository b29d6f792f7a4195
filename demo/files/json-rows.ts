type Row = Readonly<Record<string, unknown>>;

/**
 * Returns the rows of a JSON file: an array of objects, also within an object, an object of columns, or an object on each
 * line.
 *
 * @throws Error for users, for other files
 */
export function jsonRows(text: string): Row[] {
  const value = parse(text);
  if (Array.isArray(value)) {
    const odd = value.findIndex((row) => !isRow(row));
    if (odd >= 0) throw new Error(`Element ${odd + 1} is not an object with the values of a row.`);
    return value;
  }
  if (!isRow(value)) throw new Error("The file has no rows: expected an array of objects.");
  const columns = Object.entries(value);
  const arrays = columns.filter(hasArray);
  const isTable = arrays.length > 0 && arrays.length === columns.length;
  const rows = rowsAmong(arrays.map(([, cells]) => cells));
  const isColumn = isTable && columns.length > 1 && arrays.every(([, { length }]) => length === rows?.length);
  if (rows && !isColumn) return rows;
  if (isTable) return fromColumns(arrays);
  // A file of lines that has only one.
  if (columns.length > 0 && arrays.length === 0) return [value];
  throw new Error("The file has no rows: expected an array of objects.");
}

const hasArray = (entry: [string, unknown]): entry is [string, unknown[]] => Array.isArray(entry[1]);

/**
 * Returns the only array of objects, if there is one: many web services put an object around the rows. Empty arrays count
 * only if all are empty.
 */
function rowsAmong(arrays: readonly unknown[][]): Row[] | undefined {
  const lists = arrays.filter((cells): cells is Row[] => cells.every(isRow));
  const filled = lists.filter(({ length }) => length > 0);
  const [rows, ...others] = filled.length > 0 ? filled : lists;
  return others.length > 0 ? undefined : rows;
}

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split("\n").map((line) => line.trim());
    if (!lines[0]?.endsWith("}")) throw new Error(`The file is not JSON. ${String(error)}`);
    return lines.flatMap((line, i) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as unknown];
      } catch {
        throw new Error(`Line ${i + 1} is not JSON.`);
      }
    });
  }
}

function fromColumns(columns: readonly (readonly [name: string, cells: readonly unknown[]])[]): Row[] {
  const length = Math.max(...columns.map(([, cells]) => cells.length));
  const short = columns.find(([, cells]) => cells.length < length);
  if (short)
    throw new Error(`“${short[0]}” has ${short[1].length} values, but another column has ${length}.`);
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]])),
  );
}
