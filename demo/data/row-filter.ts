import { type Condition, Frame, LakotaError, type Schema } from "lakota";
import type { KeyValues } from "./key-values.ts";

/** Which rows of a series are shown. */
export interface RowFilter {
  /** The keys that have lines; undefined where the index is a single column. */
  keys: KeyValues | undefined;
  /** A condition as the user typed it. */
  where: string | undefined;
}

/** Returns the option that reads only the rows that are shown. */
export async function rowFilter({ keys, where }: RowFilter): Promise<{ where?: Condition }> {
  if (!keys || keys.columns.length === 0) return where === undefined ? {} : { where };
  const chosen = await isChosen(keys);
  if (where === undefined) return { where: chosen };
  const { and, parseExpression } = await import("lakota/query");
  const tree = parseExpression(where);
  if (!isOfRow(tree)) throw new Error(`${where} is not a condition of one row.`);
  return { where: and(chosen, tree) };
}

/** Returns the condition that a row has one of the chosen keys. */
async function isChosen({ columns, chosen }: KeyValues): Promise<Condition> {
  const { and, col, eq, or } = await import("lakota/query");
  const conditions = chosen.map(({ values }) => {
    const [first, ...others] = columns.map((name, i) => eq(col(name), values[i]!));
    return others.length > 0 ? and(first!, ...others) : first!;
  });
  return conditions.length > 1 ? or(conditions[0]!, ...conditions.slice(1)) : conditions[0]!;
}

type Tree = Exclude<Condition, string>;

/** Whether an expression has a value for each row. */
const isOfRow = (node: { op: string; args?: readonly { op: string }[] }): node is Tree =>
  node.op === "column" || node.op === "value" || (node.op === "call" && (node.args ?? []).every(isOfRow));

/** Returns what is wrong with a condition of rows, with the place on lines of its own; undefined if nothing is. */
export async function filterError(schema: Schema, where: string): Promise<string | undefined> {
  const { mask } = await import("lakota/query");
  try {
    mask(noRows(schema), where);
    return undefined;
  } catch (error) {
    if (error instanceof LakotaError) return error.message;
    throw error;
  }
}

function noRows({ columns }: Schema): Frame {
  return new Frame(
    columns.map(({ name, dtype }) => {
      const isText = ["str", "object", "fixed-str", "bytes"].includes(dtype.kind);
      const numbers = dtype.kind === "bool" ? new Uint8Array(0) : new Float64Array(0);
      return { name, type: dtype.name, data: isText ? [] : numbers };
    }),
  );
}
