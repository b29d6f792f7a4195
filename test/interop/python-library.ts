import type { Library } from "./library.ts";
import type { RepoLocation } from "./locations.ts";
import type { PythonProcess } from "./python-process.ts";

/** Python Lakota, working on a repository. */
export function pythonLibrary(python: PythonProcess, location: RepoLocation): Library {
  const { pythonUri: uri } = location;
  const request = <T>(op: string, params: object = {}) => python.request<T>(op, { uri, ...params });
  /** Discards the result of an operation. */
  const run = async (op: string, params: object = {}) => {
    await request(op, params);
  };
  return {
    name: "Python",
    create: (collection, columns, kv = false) => run("create", { collection, columns, kv }),
    collections: () => request("collections"),
    rename: (collection, to) => run("rename", { collection, to }),
    clone: (collection, to) => run("clone", { collection, to }),
    remove: (collection) => run("remove", { collection }),
    gc: (grace) => run("gc", { grace }),
    pull: (from, options) => run("pull", { other: location.sibling(from).pythonUri, ...options }),
    push: (to) => run("push", { other: location.sibling(to).pythonUri }),
    schema: (collection) => request("schema", { collection }),
    series: (collection) => request("series", { collection }),
    log: async (collection) => [
      ...new Set((await request<{ id: string }[]>("log", { collection })).map(({ id }) => id)),
    ],
    batch: (collection, writes) => run("batch", { collection, writes: writes.map(abbreviateClosed) }),
    drop: (collection, labels) => run("drop", { collection, labels }),
    renameSeries: (collection, label, to) => run("rename_series", { collection, label, to }),
    merge: (collection) => run("merge", { collection }),
    defrag: (collection) => run("defrag", { collection }),
    trim: (collection, before) => run("trim", { collection, before }),
    write: (collection, series, frame, range = {}) =>
      run("write", { collection, series, frame, ...abbreviateClosed(range) }),
    update: (collection, series, frame) => run("update", { collection, series, frame }),
    delete: (collection, series, range) => run("delete", { collection, series, ...abbreviateClosed(range) }),
    deleteKeys: (collection, series, keys) => run("delete_keys", { collection, series, keys }),
    read: (collection, series, options) => request("read", { collection, series, ...options }),
    tail: (collection, series, rows, options) => request("tail", { collection, series, rows, ...options }),
    pages: (collection, series, rows, options) => request("pages", { collection, series, rows, ...options }),
  };
}

/** Python's write accepts l, r, b and n only, though its read accepts the words too. */
const abbreviateClosed = <T extends { closed?: string }>(range: T) =>
  range.closed ? { ...range, closed: range.closed[0] } : range;
