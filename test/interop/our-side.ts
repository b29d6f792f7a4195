import { type Closed, type Collection, type Repo, Schema } from "lakota/engine";
import { readColumn, readValue, writeFrame } from "../format/notation.ts";
import type { Place } from "./places.ts";
import type { Asked, Columns, Key, Range, Side } from "./side.ts";

/** This library at work on a repository. */
export function ourSide(place: Place): Side {
  const inRepo = async <T>(work: (repo: Repo) => Promise<T>): Promise<T> => {
    const repo = await place.open();
    try {
      return await work(repo);
    } finally {
      repo.close();
    }
  };
  const inCollection = <T>(label: string, work: (collection: Collection) => Promise<T>): Promise<T> =>
    inRepo(async (repo) => work(await repo.collection(label)));
  /** Work that answers nothing that is needed. */
  const change = (label: string, work: (collection: Collection) => Promise<unknown>) =>
    inCollection(label, async (collection) => {
      await work(collection);
    });
  const changeRepo = (work: (repo: Repo) => Promise<unknown>) =>
    inRepo(async (repo) => {
      await work(repo);
    });

  return {
    name: "ours",
    create: (label, columns, kv = false) =>
      changeRepo((repo) => repo.createCollection(kv ? Schema.kv(columns) : new Schema(columns), label)),
    collections: () => inRepo((repo) => repo.ls()),
    rename: (label, to) => changeRepo((repo) => repo.rename(label, to)),
    clone: (label, to) => changeRepo((repo) => repo.clone(label, to)),
    remove: (label) => changeRepo((repo) => repo.delete(label)),
    gc: (grace) => changeRepo((repo) => repo.gc({ grace: grace * 1000 })),
    pull: (from, options) => changeRepo((repo) => repo.pull(place.sibling(from).uri, options)),
    push: (to) => changeRepo((repo) => repo.push(place.sibling(to).uri)),
    schema: (label) => inCollection(label, async ({ schema }) => schema.dump()),
    series: (label) => inCollection(label, (collection) => collection.ls()),
    log: (label) => inCollection(label, async (collection) => (await collection.log()).map(({ id }) => id)),
    batch: (label, pieces) =>
      change(label, (collection) =>
        collection.batch(async (batch) => {
          for (const { series, frame, ...range } of pieces)
            await batch.series(series).write(columnsOf(collection, frame), rangeOf(collection, range));
        }),
      ),
    drop: (label, series) => change(label, (collection) => collection.drop(series)),
    renameSeries: (label, series, to) => change(label, (collection) => collection.rename(series, to)),
    merge: (label) => change(label, (collection) => collection.merge()),
    defrag: (label) => change(label, (collection) => collection.defrag()),
    trim: (label, before) => change(label, (collection) => collection.trim({ before })),
    write: (label, series, frame, range = {}) =>
      change(label, (collection) =>
        collection.series(series).write(columnsOf(collection, frame), rangeOf(collection, range)),
      ),
    update: (label, series, frame) =>
      change(label, (collection) => collection.series(series).update(columnsOf(collection, frame))),
    delete: (label, series, { closed = "both", ...range }) =>
      change(label, (collection) =>
        collection.series(series).delete({ ...rangeOf(collection, range), closed }),
      ),
    deleteKeys: (label, series, keys) =>
      change(label, (collection) => collection.series(series).delete({ keys })),
    read: (label, series, asked = {}) =>
      inCollection(label, async (collection) =>
        writeFrame(await collection.series(series).read(readOptions(collection, asked))),
      ),
    tail: (label, series, rows, asked = {}) =>
      inCollection(label, async (collection) =>
        writeFrame(await collection.series(series).tail(rows, readOptions(collection, asked))),
      ),
    pages: (label, series, pageLength, asked = {}) =>
      inCollection(label, async (collection) => {
        const pages = [];
        const options = { ...readOptions(collection, asked), pageLength };
        for await (const page of collection.series(series).pages(options)) pages.push(writeFrame(page));
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

const readOptions = (collection: Collection, { before, select, limit, offset, ...range }: Asked) => ({
  ...rangeOf(collection, range),
  ...(before !== undefined && { before }),
  ...(select && { columns: select }),
  ...(limit !== undefined && { limit }),
  ...(offset !== undefined && { offset }),
});
