import type { Frame, Schema } from "lakota/engine";
import { type Call, type Calls, invoke, schemaWith } from "./repo-calls.ts";

/** The classes that users construct, of the build that is tested. */
export interface Classes {
  readonly Frame: typeof Frame;
  readonly Schema: typeof Schema;
}

const columns = () => [
  { name: "t", type: "datetime64[s]", data: BigInt64Array.of(5n, 6n) },
  { name: "v", type: "float64", data: Float64Array.of(5, 6) },
];

export const frameWith = (FrameClass: typeof Frame): Frame => new FrameClass(columns());

/** Uses all of a frame, as those do that are given one. */
function readFrame(frame: Frame): void {
  for (const { name } of frame.parts()) frame.get(name);
}

function readSchema(schema: Schema): void {
  for (const { name } of schema.columns) schema.column(name);
  schema.toString();
  schema.equals(schema);
}

/** How the classes are constructed, and their methods called, by their names in the API report. */
export function classCalls({ Frame, Schema }: Classes): Calls<unknown> {
  const methods = (owner: string, target: object, table: Readonly<Record<string, readonly unknown[]>>) =>
    Object.fromEntries(
      Object.entries(table).map(([name, args]): [string, Call<unknown>] => [
        `${owner}.${name}`,
        { args: () => args, run: (_, given) => invoke(target, name, given) },
      ]),
    );
  const schema = schemaWith(Schema);
  return {
    "new Frame": {
      args: () => [columns()],
      run: (_, args) => readFrame(Reflect.construct(Frame, args)),
    },
    "new Schema": {
      args: () => [{ t: "timestamp*", v: "float" }, null],
      run: (_, args) => readSchema(Reflect.construct(Schema, args)),
    },
    "Schema.kv": {
      args: () => [{ key: "str*", v: "float" }],
      run: (_, args) => readSchema(Reflect.apply(Schema.kv, Schema, args)),
    },
    "Schema.load": {
      args: () => [schema.dump()],
      run: (_, args) => readSchema(Reflect.apply(Schema.load, Schema, args)),
    },
    ...methods("Frame", frameWith(Frame), {
      get: ["v"],
      type: ["v"],
      numbers: ["v"],
      parts: [],
      row: [0],
      slice: [0, 1],
      toArray: [],
      toJSON: [],
    }),
    ...methods("Schema", schema, { dump: [], column: ["v"], equals: [schema], toString: [] }),
  };
}

/** A call with arguments that are nested in one of the API: their properties are as hostile. */
export function nestedCalls({ Frame, Schema }: Classes): Calls<unknown> {
  const [column] = schemaWith(Schema).columns;
  return {
    "the columns of a frame": {
      args: () => [columns()[0]],
      run: (_, args) => readFrame(Reflect.construct(Frame, [args])),
    },
    "the columns of a schema": {
      args: () => [column],
      run: (_, args) => readSchema(Reflect.construct(Schema, [args])),
    },
    "the types of a schema": {
      args: () => [{ t: "timestamp*" }],
      run: (_, args) => readSchema(Reflect.construct(Schema, args)),
    },
    "the columns of a dump": {
      args: () => [{ dt: "int64", codecs: ["blosc"], idx: true }],
      run: (_, [column]) => readSchema(Schema.load({ kind: null, columns: { t: column as never } })),
    },
  };
}

/** The properties of the only argument of each of the {@link nestedCalls}. */
export const nestedProperties: Readonly<Record<string, readonly string[]>> = {
  "the columns of a frame": ["name", "type", "data"],
  "the columns of a schema": ["name", "dtype", "codecs", "index"],
  "the types of a schema": ["t", "v"],
  "the columns of a dump": ["dt", "codecs", "idx"],
};
