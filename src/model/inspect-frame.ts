import { Frame } from "./frame.ts";

/** Rows that are printed. */
const PRINTED_ROWS = 20;

type Inspect = (value: unknown, options: object) => string;

/** Returns what Node's console prints of a frame: its first rows, as JSON has them. */
function inspectFrame(this: Frame, _depth: number, options: object, inspect: Inspect): string {
  const first = this.length > PRINTED_ROWS ? ` first ${PRINTED_ROWS}:` : "";
  return `Frame(${this.length})${first} ${inspect(this.slice(0, PRINTED_ROWS).toJSON(), options)}`;
}

/** Makes Node's console print the rows of frames. To be called by entry points for Node: a page has no use for it. */
export function printRowsInNode(): void {
  Object.defineProperty(Frame.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: inspectFrame });
}
