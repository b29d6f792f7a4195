/** A page of the reference that holds a part of what `lakota`, `lakota/engine` and `lakota/node` export alike. */
export interface ApiPage {
  /** Name of its file in docs/api/, without the ending. */
  readonly name: string;
  /** What the page says of itself. */
  readonly about: string;
  /** The files of src/ whose exports are on the page, in this order. */
  readonly sources: readonly string[];
  /** The nouns, which come first, with all of their methods in the index of the reference. */
  readonly nouns: readonly string[];
}

/** The pages, in the order of the index. What src/index.ts exports from other files is on the page of `lakota`. */
export const apiPages: readonly ApiPage[] = [
  {
    name: "repo",
    about:
      "A repository: its collections, copies, publishing, offline state and maintenance. `connect` of `lakota`, and `openRepo` of `lakota/engine` and `lakota/node`, return one.",
    sources: [
      "model/api/repo.ts",
      "model/api/table-kind.ts",
      "model/api/sync.ts",
      "model/api/maintenance.ts",
    ],
    nouns: ["Repo"],
  },
  {
    name: "collection",
    about:
      "A collection: its series, many writes as one revision, history, merging, watching, descriptions, pins.",
    sources: ["model/api/collection.ts", "model/api/history.ts", "model/api/description.ts"],
    nouns: ["Collection", "Batch", "BatchSeries"],
  },
  {
    name: "series",
    about: "A series: reading, charts, aggregates, writing.",
    sources: ["model/api/series.ts", "model/api/read.ts"],
    nouns: ["Series"],
  },
  {
    name: "frame",
    about: "What is read, and what can be written: columns of typed arrays.",
    sources: ["model/frame.ts", "model/frame-rows.ts", "model/column.ts", "model/cast.ts", "model/time.ts"],
    nouns: ["Frame"],
  },
  { name: "schema", about: "The columns of a collection.", sources: ["model/schema.ts"], nouns: ["Schema"] },
  {
    name: "options",
    about: "Bounds, and options that many calls share.",
    sources: ["model/api/options.ts", "model/key.ts"],
    nouns: [],
  },
  {
    name: "errors",
    about: "Every failure is a `LakotaError` with a code.",
    sources: ["model/errors.ts"],
    nouns: ["LakotaError"],
  },
  {
    name: "typed",
    about:
      "Collections whose columns the type checker knows. The objects and their methods are the same; only the types are narrower.",
    sources: ["model/api/typed.ts", "model/api/typed-frame.ts", "model/column-types.ts"],
    nouns: [],
  },
];
