/** What the public functions accept, as data: for callers whose code has no types. Loaded on demand by the worker. */

import { describeValue } from "../cast-value.ts";
import { asLakotaError, LakotaError } from "../errors.ts";
import { explainNoMemory } from "../no-memory.ts";
import { Schema } from "../schema.ts";

/** What an argument must be. */
interface Kind {
  /** As in "must be a list of names". */
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
  /** The kinds of the properties of an object, by name. All may be missing. */
  readonly options?: Readonly<Record<string, Kind>>;
  readonly isOptional?: boolean;
}

type Parameters = Readonly<Record<string, Kind>>;

const kind = (what: string, fits: (value: unknown) => boolean): Kind => ({ what, fits });
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number" && !Number.isNaN(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const isMethod = (value: unknown, name: string): boolean =>
  isObject(value) && isFunction(Reflect.get(value, name));
/** Unlike `every` it sees holes. */
const isList = (value: unknown, fits: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && Array.from(value).every(fits);
const isTexts = (value: unknown): boolean => isList(value, isText);
/** A list or a typed array. */
const isListed = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);
const isKey = (value: unknown): boolean =>
  value instanceof Date || ["string", "number", "bigint"].includes(typeof value);

const text = kind("text", isText);
const label = kind("a non-empty text", (value) => isText(value) && value !== "");
const number = kind("a number", isNumber);
const pageLength = kind(
  "a whole number above 0",
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) > 0),
);
const flag = kind("true or false", (value) => typeof value === "boolean");
const callback = kind("a function", isFunction);
const names = kind("a list of names", isTexts);
const labels = kind("a label, or a list of labels", (value) => isText(value) || isTexts(value));
const textsByName = kind("an object of texts", (value) => isPlain(value) && isTexts(Object.values(value)));
/** Reads all properties, as some may have getters that throw. */
const byName = kind("an object", (value) => isPlain(value) && Object.values(value).length >= 0);
const fields = kind("an object of fields", byName.fits);
const schema = kind("a Schema", (value) => value instanceof Schema);
const frame = kind("a Frame", (value) => isMethod(value, "parts"));
const rows = kind("a frame, or lists of values by column name", (value) => {
  if (!isPlain(value)) return false;
  return isMethod(value, "parts") || Object.values(value).every(isListed);
});
const bound = kind(
  "an index value, or a list of index values",
  (value) => isKey(value) || isList(value, isKey),
);
const bounds = kind("a list of keys", (value) => isList(value, bound.fits));
const revision = kind(
  "a revision, its id or its epoch",
  (value) => isText(value) || (isObject(value) && isText(Reflect.get(value, "id"))),
);
const revisions = kind("a list of revisions or their ids", (value) => isList(value, revision.fits));
const time = kind(
  "a time, a revision or an epoch",
  (value) => isText(value) || isNumber(value) || value instanceof Date || revision.fits(value),
);
const expression = kind(
  "an expression of lakota/query, or text",
  (value) => isText(value) || (isObject(value) && "op" in value),
);
const expressions = kind(
  "expressions by column name",
  (value) => isPlain(value) && Object.values(value).every(expression.fits),
);
const uri = kind("a URI, or a list of URIs", (value) => isText(value) || isTexts(value));
const tableKind = kind('"flat" or "tree"', (value) => value === "flat" || value === "tree");
const address = kind(
  "a URI, a list of URIs, or an object with a `uri`",
  (value) => uri.fits(value) || (isObject(value) && uri.fits(Reflect.get(value, "uri"))),
);
const signal = kind("an AbortSignal", (value) => value instanceof AbortSignal);
const frames = kind(
  "a frame, or an iterable of frames",
  (value) => frame.fits(value) || isMethod(value, "next") || hasIterator(value),
);

function isPlain(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
/** Typed arrays have iterators, but of numbers. */
function hasIterator(value: unknown): boolean {
  if (!isObject(value) || ArrayBuffer.isView(value)) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

const options = (table: Parameters): Kind => ({
  ...byName,
  what: "an object of options",
  options: table,
  isOptional: true,
});

const call = { signal };
const dryRun = { ...call, dryRun: flag };
const stale = { ...call, onStale: callback };
const note = options({ author: text, message: text });
const change = { ...call, note };
const onProgress = callback;
const missing = kind('"error" or "empty"', (value) => value === "error" || value === "empty");
const range = { ...call, start: bound, stop: bound, closed: text, before: time, missing, onProgress };
const filtered = { ...range, columns: names, where: expression, numbers: flag };
const every = kind("a number above 0", (value) => typeof value === "number" && value > 0);
const watch = {
  listener: callback,
  options: options({ ...call, every, since: revisions, numbers: flag, onError: callback }),
};
const sync = options({ ...call, labels: names, shallow: flag, onProgress });
const write = { start: bound, stop: bound, closed: text };

const table = { types: textsByName, index: names, columns: names, schema, fill: byName, sort: flag };
const zone = { timeZone: text, clock: text };
const source = { ...call, ...table, ...zone, pageLength, name: text, onProgress };
const csv = {
  delimiter: text,
  header: flag,
  names,
  sample: number,
  formats: kind(
    "an object of formats",
    (value) => isPlain(value) && Object.values(value).every((format) => isText(format) || isTexts(format)),
  ),
  decimal: text,
  nulls: names,
  encoding: text,
};
const csvWriting = {
  ...call,
  delimiter: text,
  header: flag,
  newline: text,
  decimal: text,
  timeZone: text,
  times: text,
  mark: flag,
};

/** Options of a repo, wherever it is opened. */
const opening = {
  cache: kind("false, or an object of options", (value) => value === false || byName.fits(value)),
  writeOffline: flag,
  endpoint: text,
  region: text,
  style: text,
  credentials: kind(
    "an object of keys, or a function",
    (value) => typeof value === "object" || isFunction(value),
  ),
  sign: callback,
  retries: number,
  timeout: number,
  token: text,
  maxAge: number,
  concurrency: number,
  allowUnverified: flag,
  onWarning: callback,
};

const required = (kind: Kind): Kind => ({ ...kind, isOptional: false });

/** The parameters of public functions and methods, by name. */
const SIGNATURES: Readonly<Record<string, Parameters>> = {
  "Repo.ls": { options: options(stale) },
  "Repo.collection": { label: text, options: options({ ...call, allowStale: flag }) },
  "Repo.createCollection": { schema, label: text, options: options({ ...call, table: tableKind }) },
  "Repo.rename": { label: text, to: text, options: options({ ...change, ...dryRun }) },
  "Repo.delete": { label: text, options: options(dryRun) },
  "Repo.clone": {
    label: text,
    to: text,
    options: options({
      ...change,
      ...dryRun,
      schema,
      rename: textsByName,
      defaults: byName,
      table: tableKind,
    }),
  },
  "Repo.gc": { options: options({ ...dryRun, grace: number, onProgress }) },
  "Repo.verify": { options: options({ ...call, labels: names, onProgress }) },
  "Repo.pull": { from: address, options: sync },
  "Repo.push": { to: address, options: sync },
  "Repo.publish": { options: options({ ...call, overviews: flag, onProgress }) },
  "Repo.send": { options: options(call) },
  "Repo.forget": { options: options({ ...call, discardPending: flag }) },
  "Collection.ls": {
    options: options({ ...stale, prefix: text, after: text, limit: number, tag: text, text }),
  },
  "Collection.info": {
    options: options({
      ...stale,
      before: time,
      series: kind('a list of labels, or "all"', (value) => value === "all" || isTexts(value)),
    }),
  },
  "Collection.describe": { change: fields, options: options(change) },
  "Collection.read": {
    labels: required(names),
    options: options({ ...filtered, limit: number, offset: number, tail: number }),
  },
  "Collection.has": { label, options: options(call) },
  "Collection.downsample": {
    options: required(
      options({
        ...range,
        series: required(names),
        align: flag,
        columns: names,
        points: number,
        method: text,
      }),
    ),
  },
  "Collection.series": { label },
  "Collection.log": { options: options({ ...call, limit: number, details: flag }) },
  "Collection.batch": { work: callback, options: options(change) },
  "Collection.drop": { labels, options: options(change) },
  "Collection.rename": { label, to: label, options: options(change) },
  "Collection.diff": {
    from: revision,
    to: revision,
    options: options({ ...call, labels: names, rows: flag }),
  },
  "Collection.revert": { to: revision, options: options(change) },
  "Collection.merge": { options: options(change) },
  "Collection.trim": { options: options({ ...dryRun, before: time }) },
  "Collection.defrag": { options: options({ ...dryRun, ...change, labels: names }) },
  "Collection.watch": watch,
  "Collection.pin": { options: options({ ...call, series: labels, start: bound, onProgress }) },
  "Collection.unpin": { series: { ...labels, isOptional: true }, options: options(call) },
  "Collection.pinned": { options: options(call) },
  "Collection.refresh": { options: options(call) },
  "Batch.series": { label },
  "Batch.drop": { labels },
  "Batch.rename": { label, to: label },
  "BatchSeries.write": { frame: rows, options: options({ ...call, ...write }) },
  "BatchSeries.update": { frame: rows, options: options(call) },
  "BatchSeries.delete": { options: required(options({ ...call, ...write, keys: bounds })) },
  "Series.read": { options: options({ ...filtered, ...stale, limit: number, offset: number }) },
  "Series.tail": { rows: number, options: options({ ...filtered, ...stale }) },
  "Series.pages": { options: options({ ...filtered, pageLength }) },
  "Series.length": { options: options({ ...range, ...stale }) },
  "Series.downsample": {
    options: options({ ...range, ...stale, columns: names, points: number, method: text }),
  },
  "Series.reduce": {
    options: required(options({ ...range, columns: expressions, where: expression, numbers: flag })),
  },
  "Series.write": { frame: rows, options: options({ ...change, ...write }) },
  "Series.update": { frame: rows, options: options(change) },
  "Series.delete": { options: required(options({ ...change, ...write, keys: bounds })) },
  "Series.info": { options: options({ ...call, before: time }) },
  "Series.describe": {
    change: kind("an object of fields, or null", (value) => value === null || byName.fits(value)),
    options: options(change),
  },
  "Series.watch": watch,
  openRepo: {
    uri,
    options: options({
      ...opening,
      schemes: byName,
      fetch: callback,
      clock: kind("a clock: an object with now, sleep, timer and random", (value) =>
        ["now", "sleep", "timer", "random"].every((name) => isMethod(value, name)),
      ),
    }),
  },
  connect: { uri, options: options({ ...opening, decoders: number, worker: callback }) },
  mask: { frame, condition: expression },
  reduce: { frame, columns: expressions, options: options({ where: expression }) },
  parseExpression: { text },
  formatExpression: {
    expression: kind("an expression of lakota/query", (value) => isObject(value) && "op" in value),
    notation: {
      ...kind("infix or lisp", (value) => value === "infix" || value === "lisp"),
      isOptional: true,
    },
  },
  cols: { schema },
  isin: {
    x: kind("an operand", () => true),
    list: kind("a list of values", (value) => Array.isArray(value) || value instanceof Set),
  },
  fromRows: {
    rows: kind("a list of objects", (value) => isList(value, isObject)),
    options: options(table),
  },
  toRows: { frame, options: options({ numbers: flag }) },
  readCsv: {
    source: kind("text, a Blob, a stream, or an iterable of bytes", hasIteratorOrBlob),
    options: options({ ...source, ...csv }),
  },
  readParquet: {
    source: kind("bytes, a Blob, or an object with `byteLength` and `slice`", (value) => {
      if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer).length >= 0; // throws if it is detached
      return isMethod(value, "slice");
    }),
    options: options(source),
  },
  writeCsv: { frames, options: options(csvWriting) },
  writeParquet: { frames, options: options({ ...call, codec: text }) },
  exportCollection: {
    collection: kind("a collection", (value) => isMethod(value, "ls") && isMethod(value, "series")),
    sink: callback,
    options: options({
      ...range,
      ...csvWriting,
      format: text,
      labels: names,
      columns: names,
      pageLength,
      codec: text,
    }),
  },
  importFiles: {
    repo: kind("a repo", (value) => isMethod(value, "createCollection")),
    files: kind("a list of files", hasIterator),
    options: required(
      options({
        ...source,
        ...csv,
        collection: text,
        table: tableKind,
        label: callback,
        revision: text,
        dryRun: flag,
        note,
      }),
    ),
  },
  filesIn: { folder: text },
  folderSink: { folder: text },
  fromArrow: {
    table: kind("a table of apache-arrow", (value) => isMethod(value, "getChildAt")),
    options: options({ ...table, ...zone }),
  },
  toArrow: { frame },
  insertFrame: {
    connection: kind("a connection to DuckDB", (value) => isMethod(value, "insertArrowFromIPCStream")),
    name: label,
    frame,
    options: options({ append: flag }),
  },
};

function hasIteratorOrBlob(value: unknown): boolean {
  return isText(value) || hasIterator(value) || value instanceof Blob || value instanceof ReadableStream;
}

/** Returns what is wrong with the arguments of a call; undefined if each is of its kind. */
function problemWith(name: string, args: readonly unknown[]): string | undefined {
  for (const [i, [parameter, kind]] of Object.entries(SIGNATURES[name] ?? {}).entries()) {
    const value = args[i];
    if (value === undefined && kind.isOptional) continue;
    const problem = misfit(parameter, kind, value);
    if (problem) return problem;
  }
  return undefined;
}

function misfit(name: string, kind: Kind, value: unknown): string | undefined {
  try {
    if (!kind.fits(value)) return `${name}: ${describeValue(value)} is not ${kind.what}.`;
    for (const [option, optionKind] of Object.entries(kind.options ?? {})) {
      const given: unknown = Reflect.get(value as object, option);
      const problem = given === undefined ? undefined : misfit(option, optionKind, given);
      if (problem) return problem;
    }
  } catch (error) {
    // A getter or a proxy.
    return `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
  return undefined;
}

/** @throws `invalid-argument` for an argument that is not of the kind that is declared */
export function checkArguments(name: string, ...args: readonly unknown[]): void {
  const problem = problemWith(name, args);
  if (problem) throw new LakotaError("invalid-argument", problem);
}

/**
 * Returns the error for a call that failed: `error` if it is a LakotaError, `invalid-argument` if an argument is not of
 * the kind that is declared; `error` if a function of the caller may have thrown it, else `internal`.
 */
export function explainFailure(name: string, args: readonly unknown[], error: unknown): unknown {
  if (error instanceof LakotaError) return error;
  const problem = problemWith(name, args);
  if (problem) return new LakotaError("invalid-argument", problem, { cause: error });
  const explained = explainNoMemory(error);
  if (explained instanceof LakotaError) return explained;
  return args.some(hasFunction) ? error : asLakotaError(error);
}

/** Whether an argument is a function, or options with one. Frames have none of their own. */
const hasFunction = (value: unknown): boolean =>
  isFunction(value) || (isPlain(value) && Object.values(value).some(isFunction));

/** Returns the names of the parameters of a public function or method. */
export const parametersOf = (name: string): string[] => Object.keys(SIGNATURES[name] ?? {});

/** Returns the names of the methods of a public interface whose arguments are declared here. */
export const methodsOf = (owner: string): string[] =>
  Object.keys(SIGNATURES).flatMap((name) =>
    name.startsWith(`${owner}.`) ? [name.slice(owner.length + 1)] : [],
  );

/** A method of any public interface. */
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes the methods of a class fail with LakotaErrors, whatever they are called with: see {@link explainFailure}. */
export function explainFailures(prototype: object, owner: string): void {
  for (const name of methodsOf(owner)) {
    const method = Reflect.get(prototype, name) as Method;
    Reflect.set(prototype, name, explaining(`${owner}.${name}`, method));
  }
}

/** Returns a function that does the same, but fails with a LakotaError. What functions of the caller throw is passed on. */
export function explaining(name: string, method: Method): Method {
  return function (...args) {
    const explain = (error: unknown): never => {
      throw explainFailure(name, args, error);
    };
    let result: unknown;
    try {
      result = Reflect.apply(method, this, args);
    } catch (error) {
      return explain(error);
    }
    if (result instanceof Promise) return result.catch(explain);
    return isObject(result) && Symbol.asyncIterator in result ? explainingAll(result, explain) : result;
  };
}

/** Like {@link explaining}, for an iterator that a method has returned: its other methods stay as they are. */
function explainingAll(items: object, explain: (error: unknown) => never): AsyncIterator<unknown> {
  const iterator = (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const next = iterator.next.bind(iterator);
  iterator.next = (...args) => next(...args).catch(explain);
  return iterator;
}
