import { Frame, type ReadProgress, type Schema } from "lakota";
import { fromRows } from "lakota/interchange";
import { columnsToRead, drawable, xAxisOf } from "../data/axes.ts";
import { readState } from "../data/read-state.ts";
import { resampledColumns } from "../data/resampled-rows.ts";
import { rowFilter } from "../data/row-filter.ts";
import type { Shown } from "../state/page-state.ts";

/** Number of rows that are read at a time. */
const PAGE_LENGTH = 50_000;

/** What to export: the rows that are shown. */
export interface ExportRequest {
  schema: Schema;
  shown: Pick<Shown, "series" | "columns" | "keys" | "where" | "resample" | "zone" | "range">;
  /** Id of the revision before which the rows are read; undefined for the current ones. */
  before: string | undefined;
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
}

/**
 * Yields the rows that are shown, or the groups that they are shown as. Rows of several series have the label of their series in a
 * first column. There is at least one frame.
 */
export async function* exportFrames(request: ExportRequest): AsyncGenerator<Frame> {
  const { schema, shown, before, signal, onProgress } = request;
  const { series, range } = shown;
  const options = {
    ...(range && ({ start: range[0], stop: range[1], closed: "both" } as const)),
    ...(await rowFilter(shown)),
    ...readState(before),
    signal,
    onProgress,
  };
  const groups = await groupColumns(request);
  const columns = schema.columns.map(({ name }) => name).filter((name) => shown.columns.includes(name));
  let isEmpty = true;
  for (const each of series) {
    const name = series.length > 1 ? labelColumn(schema) : undefined;
    const pages = groups
      ? [await each.reduce({ ...options, columns: groups })]
      : each.pages({ ...options, columns, pageLength: PAGE_LENGTH });
    for await (const frame of pages) {
      if (frame.length === 0) continue;
      isEmpty = false;
      yield name === undefined ? frame : withLabel(frame, name, each.label);
    }
  }
  const [first] = series;
  if (!isEmpty || !first) return;
  // No rows: their columns are exported.
  yield groups ? first.reduce({ ...options, columns: groups }) : first.read({ ...options, columns });
}

/** Returns the columns of groups; undefined if the rows are not grouped. */
function groupColumns({ schema, shown }: ExportRequest) {
  const { resample, keys, zone, columns } = shown;
  const axis = xAxisOf(schema);
  if (!resample || !axis?.time) return undefined;
  const drawn = drawable(schema).filter(({ name }) => columnsToRead(schema, columns).includes(name));
  return resampledColumns({ axis, drawn, keys, zone }, resample);
}

const labelColumn = ({ columns }: Schema): string =>
  columns.some(({ name }) => name === "series") ? "series label" : "series";

/** Returns a frame with a first column of one text. */
function withLabel(frame: Frame, name: string, label: string): Frame {
  const rows = Array.from({ length: frame.length }, () => ({ [name]: label }));
  const labels = fromRows(rows, { types: { [name]: "str*" } }).frame;
  return new Frame([...labels.parts(), ...frame.parts()]);
}
