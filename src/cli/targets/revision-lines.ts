import type { Revision, RevisionDetails } from "../../model/api/history.ts";
import { bytesText, countText, plural } from "../output/units.ts";
import type { RegistryChange } from "./registry-changes.ts";
import type { RenamedSeries } from "./renames.ts";
import type { CountedChange } from "./revision-changes.ts";
import { isRevision } from "./revisions.ts";

/** Tells who made a revision, when, and how much it wrote. @param what names what it is of */
export function headLines(
  label: string,
  { id, time, head, parents, note, rows, bytes }: Revision & RevisionDetails,
  what = "collection",
): string[] {
  const written = [
    ...(rows === undefined ? [] : [plural(rows, "row")]),
    ...(bytes === undefined ? [] : [`${bytesText(bytes)} of chunks`]),
  ];
  return [
    `revision ${id}${head ? " (head)" : ""}`,
    `${what}: ${label}`,
    `time: ${time.toISOString()}`,
    ...(note?.author === undefined ? [] : [`author: ${note.author}`]),
    ...(note?.message === undefined ? [] : [`message: ${note.message}`]),
    ...parents.map((parent) => `parent: ${isRevision(parent) ? parent : "none"}`),
    ...(written.length > 0 ? [`wrote: ${written.join(", ")}`] : []),
  ];
}

export const renamedLine = ({ label, from, rows }: RenamedSeries): string =>
  `renamed ${from} → ${label}${rows === undefined ? "" : `: ${plural(rows, "row")}`}`;

export const registryLine = ({ kind, label, from }: RegistryChange): string =>
  from === undefined ? `${kind} ${label}` : `${kind} ${from} → ${label}`;

/** Tells a changed range in one line. @param keyText formats the bounds of ranges */
export function changeLine(change: CountedChange, keyText: (key: CountedChange["start"]) => string): string {
  const { kind, label, start, stop, closed, rowsBefore, rowsAfter } = change;
  const from = start.length === 0 ? "the beginning" : keyText(start);
  const to = stop.length === 0 ? "the end" : keyText(stop);
  const ends = closed === "both" ? "" : ` (closed: ${closed})`;
  const rows =
    rowsBefore === undefined || rowsAfter === undefined
      ? ""
      : `: ${countText(rowsBefore)} → ${plural(rowsAfter, "row")}`;
  return `${kind} ${label}, ${from} to ${to}${ends}${rows}`;
}
