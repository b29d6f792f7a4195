import { type Closed, type Collection, type Repo, Schema } from "lakota/engine";
import { readColumn, readValue, writeFrame } from "../format/notation.ts";
import type { Columns, Key, Library, Range, ReadOptions } from "./library.ts";
import type { RepoLocation } from "./locations.ts";

/** This library, working on a repository. */
export function javascriptLibrary(location: RepoLocation): Library {
  const inRepo = async <T>(work: (repo: Repo) => Promise<T>): Promise<T> => {
    const repo = await location.open();
    try {
      return await work(repo);
    } finally {
      repo.close();
    }
  };
  const inCollection = <T>(label: string, work: (collection: Collection) => Promise<T>): Promise<T> =>
    inRepo(async (repo) => work(await repo.collection(label)));
  /** Discards the result of `work`. */
  const withCollection = (label: string, work: (collection: Collection) => Promise<unknown>) =>
    inCollection(label, async (collection) => {
      await work(collection);
    });
  const withRepo = (work: (repo: Repo) => Promise<unknown>) =>
    inRepo(async (repo) => {
      await work(repo);
    });

  return {
    name: "JavaScript",
    create: (label, columns, kv = false) =>
      withRepo((repo) => repo.createCollection(kv ? Schema.kv(columns) : new Schema(columns), label)),
    collections: () => inRepo((repo) => repo.ls()),
    rename: (label, to) => withRepo((repo) => repo.rename(label, to)),
    clone: (label, to) => withRepo((repo) => repo.clone(label, to)),
    remove: (label) => withRepo((repo) => repo.delete(label)),
    gc: (grace) => withRepo((repo) => repo.gc({ grace: grace * 1000 })),
    pull: (from, options) => withRepo((repo) => repo.pull(location.sibling(from).uri, options)),
    push: (to) => withRepo((repo) => repo.push(location.sibling(to).uri)),
    schema: (label) => inCollection(label, async ({ schema }) => schema.dump()),
    series: (label) => inCollection(label, (collection) => collection.ls()),
    log: (label) => inCollection(label, async (collection) => (await collection.log()).map(({ id }) => id)),
    batch: (label, writes) =>
      withCollection(label, (collection) =>
        collection.batch(async (batch) => {
          for (const { series, frame, ...range } of writes)
            await batch.series(series).write(columnsOf(collection, frame), rangeOf(collection, range));
        }),
      ),
    drop: (label, series) => withCollection(label, (collection) => collection.drop(series)),
    renameSeries: (label, series, to) => withCollection(label, (collection) => collection.rename(series, to)),
    merge: (label) => withCollection(label, (collection) => collection.merge()),
    defrag: (label) => withCollection(label, (collection) => collection.defrag()),
    trim: (label, before) => withCollection(label, (collection) => collection.trim({ before })),
    write: (label, series, frame, range = {}) =>
      withCollection(label, (collection) =>
        collection.series(series).write(columnsOf(collection, frame), rangeOf(collection, range)),
      ),
    update: (label, series, frame) =>
      withCollection(label, (collection) => collection.series(series).update(columnsOf(collection, frame))),
    delete: (label, series, { closed = "both", ...range }) =>
      withCollection(label, (collection) =>
        collection.series(series).delete({ ...rangeOf(collection, range), closed }),
      ),
    deleteKeys: (label, series, keys) =>
      withCollection(label, (collection) => collection.series(series).delete({ keys })),
    read: (label, series, options = {}) =>
      inCollection(label, async (collection) =>
        writeFrame(await collection.series(series).read(readOptions(collection, options))),
      ),
    tail: (label, series, rows, options = {}) =>
      inCollection(label, async (collection) =>
        writeFrame(await collection.series(series).tail(rows, readOptions(collection, options))),
      ),
    pages: (label, series, pageLength, options = {}) =>
      inCollection(label, async (collection) => {
        const pages = [];
        const pageOptions = { ...readOptions(collection, options), pageLength };
        for await (const page of collection.series(series).pages(pageOptions)) pages.push(writeFrame(page));
        return pages;
      }),
  };
}

const columnsOf = ({ schema }: Collection, frame: Columns) =>
  Object.fromEntries(
    Object.entries(frame).map(([name, values]) => [name, readColumn(values, schema.column(name).dtype.name)]),
  );

const keyOf = ({ schema }: Collection, key: Key) =>
  key.map((value, i) => readValue(value, schema.index[i]!.dtype.name) as string | number | bigint);

const rangeOf = (collection: Collection, { start, stop, closed }: Range) => ({
  ...(start && { start: keyOf(collection, start) }),
  ...(stop && { stop: keyOf(collection, stop) }),
  ...(closed && { closed: closed satisfies Closed }),
});

const readOptions = (collection: Collection, { before, select, limit, offset, ...range }: ReadOptions) => ({
  ...rangeOf(collection, range),
  missing: "empty" as const, // as Python Lakota reads it
  ...(before !== undefined && { before }),
  ...(select && { columns: select }),
  ...(limit !== undefined && { limit }),
  ...(offset !== undefined && { offset }),
});
