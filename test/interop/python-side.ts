import type { Place } from "./places.ts";
import type { Python } from "./python.ts";
import type { Side } from "./side.ts";

/** Python Lakota at work on a repository. */
export function pythonSide(python: Python, place: Place): Side {
  const { pythonUri: uri } = place;
  const ask = <T>(op: string, request: object = {}) => python.ask<T>(op, { uri, ...request });
  /** An op that answers nothing that is needed. */
  const tell = async (op: string, request: object = {}) => {
    await ask(op, request);
  };
  return {
    name: "Python",
    create: (collection, columns, kv = false) => tell("create", { collection, columns, kv }),
    collections: () => ask("collections"),
    rename: (collection, to) => tell("rename", { collection, to }),
    clone: (collection, to) => tell("clone", { collection, to }),
    remove: (collection) => tell("remove", { collection }),
    gc: (grace) => tell("gc", { grace }),
    pull: (from, options) => tell("pull", { other: place.sibling(from).pythonUri, ...options }),
    push: (to) => tell("push", { other: place.sibling(to).pythonUri }),
    schema: (collection) => ask("schema", { collection }),
    series: (collection) => ask("series", { collection }),
    log: async (collection) => [
      ...new Set((await ask<{ id: string }[]>("log", { collection })).map(({ id }) => id)),
    ],
    batch: (collection, writes) => tell("batch", { collection, writes: writes.map(withLetter) }),
    drop: (collection, labels) => tell("drop", { collection, labels }),
    renameSeries: (collection, label, to) => tell("rename_series", { collection, label, to }),
    merge: (collection) => tell("merge", { collection }),
    defrag: (collection) => tell("defrag", { collection }),
    trim: (collection, before) => tell("trim", { collection, before }),
    write: (collection, series, frame, range = {}) =>
      tell("write", { collection, series, frame, ...withLetter(range) }),
    update: (collection, series, frame) => tell("update", { collection, series, frame }),
    delete: (collection, series, range) => tell("delete", { collection, series, ...withLetter(range) }),
    deleteKeys: (collection, series, keys) => tell("delete_keys", { collection, series, keys }),
    read: (collection, series, asked) => ask("read", { collection, series, ...asked }),
    tail: (collection, series, rows, asked) => ask("tail", { collection, series, rows, ...asked }),
    pages: (collection, series, rows, asked) => ask("pages", { collection, series, rows, ...asked }),
  };
}

/** Python writes with l, r, b and n, though it reads with words too. */
const withLetter = <T extends { closed?: string }>(range: T) =>
  range.closed ? { ...range, closed: range.closed[0] } : range;
