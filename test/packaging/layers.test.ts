import { describe, expect, test } from "vitest";
import { circles, wrongImports } from "../../scripts/layers.ts";

const sources = (files: Record<string, string>) => new Map(Object.entries(files));
const wrong = (files: Record<string, string>) => wrongImports(sources(files));

describe("allowed imports", () => {
  test.each([
    ["from a lower layer", "src/engine/read/read.ts", 'import { a } from "../../codecs/pipeline.ts";'],
    ["within a layer", "src/engine/read/read.ts", 'import { a } from "./plan.ts";'],
    ["from a lower subfolder", "src/engine/write/embedding.ts", 'import { a } from "../read/read.ts";'],
    ["from a layer far below", "src/worker/host/host.ts", 'export * from "../../model/frame.ts";'],
    ["of a package", "src/codecs/wasm.ts", 'import { load } from "numcodecs-wasm";'],
    [
      "of Node, where it is used",
      "src/stores/file/file-store.ts",
      'import { readFile } from "node:fs/promises";',
    ],
    ["of an entry point by the command", "src/cli/context.ts", 'import { openRepo } from "../node.ts";'],
    ["of one entry point by another", "src/node.ts", 'export * from "./engine.ts";'],
    ["of anything by an entry point", "src/index.ts", 'import type { Store } from "./stores/store.ts";'],
    ["on demand, registered", "src/engine/repo/repo.ts", 'const a = lazy(() => import("./operations.ts"));'],
  ])("%s", (_, path, text) => {
    expect(wrong({ [path]: text })).toEqual([]);
  });
});

describe("wrong imports", () => {
  test.each([
    ["from above", "src/stores/s3/s3-store.ts", 'import { Repo } from "../../engine/repo/repo.ts";'],
    ["from a higher subfolder", "src/engine/read/read.ts", 'import { a } from "../write/embedding.ts";'],
    ["from a file above its folder", "src/stores/http/http-store.ts", 'import { a } from "../open.ts";'],
    ["of a type from above", "src/model/frame.ts", 'import type { Repo } from "../engine/repo/repo.ts";'],
    ["of a type, inline", "src/model/frame.ts", 'type A = import("../engine/repo/repo.ts").Repo;'],
    ["from above, on demand", "src/codecs/wasm.ts", 'const a = lazy(() => import("../changelog/log.ts"));'],
    ["from above, by re-export", "src/model/key.ts", 'export { a } from "../query/compile.ts";'],
    ["between neighbours", "src/stores/store.ts", 'import { sha1 } from "../codecs/sha1.ts";'],
    ["between stores", "src/stores/cache/pins.ts", 'import { a } from "../s3/s3-store.ts";'],
    ["of an entry point", "src/worker/host/host.ts", 'import { openRepo } from "../../engine.ts";'],
    ["of the package's own name", "src/engine/repo/repo.ts", 'import { connect } from "lakota";'],
    ["of a package in model/", "src/model/schema.ts", 'import { encode } from "@msgpack/msgpack";'],
    ["of Node elsewhere", "src/stores/s3/s3-store.ts", 'import { env } from "node:process";'],
    ["out of src/", "src/codecs/wasm.ts", 'import { load } from "../../wasm/src/index.ts";'],
    ["from a folder in no layer", "src/engine/repo/repo.ts", 'import { a } from "../../helpers/a.ts";'],
    ["in a folder in no layer", "src/helpers/a.ts", 'import { a } from "../model/errors.ts";'],
    ["of the command by an entry point", "src/node.ts", 'import { a } from "./cli/commands.ts";'],
    ["on demand, unregistered", "src/engine/repo/repo.ts", 'const a = () => import("./operations.ts");'],
  ])("%s", (_, path, text) => {
    const lines = wrong({ [path]: text });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(path);
  });

  test("each one of a file", () => {
    const text =
      'import "../../engine/repo/a.ts";\nimport "../../model/b.ts";\nexport * from "../../cli/c.ts";';
    expect(wrong({ "src/stores/s3/s3-store.ts": text })).toHaveLength(2);
  });
});

describe("the page", () => {
  const index = 'export { connect } from "./worker/client/client.ts";';

  test("may load the worker's client and model/, and import types of anything", () => {
    const client =
      'import { a } from "../../model/errors.ts"; import type { Repo } from "../../engine/repo/repo.ts";';
    expect(wrong({ "src/index.ts": index, "src/worker/client/client.ts": client })).toEqual([]);
  });

  test.each([
    ["a store", 'import { a } from "../../stores/s3/s3-store.ts";', "src/stores/s3/s3-store.ts"],
    [
      "a store on demand",
      'const a = () => import("../../stores/s3/s3-store.ts");',
      "src/stores/s3/s3-store.ts",
    ],
    ["a package", 'import { a } from "idb-keyval";', "idb-keyval"],
  ])("may not load %s, however far", (_, text, leaked) => {
    const client = 'import { b } from "./helper.ts";';
    const lines = wrong({
      "src/index.ts": index,
      "src/worker/client/client.ts": client,
      "src/worker/client/helper.ts": text,
    });
    expect(lines).toEqual([
      `src/index.ts loads ${leaked}, which must stay off the page: ` +
        `src/index.ts -> src/worker/client/client.ts -> src/worker/client/helper.ts -> ${leaked}`,
    ]);
  });
});

describe("circles", () => {
  test("none in a tree", () => {
    expect(circles(sources({ "a.ts": 'import "./b.ts";', "b.ts": 'import "./c.ts";', "c.ts": "" }))).toEqual(
      [],
    );
  });

  test.each([
    ["values", 'import { a } from "./a.ts";'],
    ["types", 'import type { A } from "./a.ts";'],
    ["import()", 'const a = () => import("./a.ts");'],
    ["re-exports", 'export * from "./a.ts";'],
  ])("of two files by %s", (_, text) => {
    const files = { "a.ts": 'import "./b.ts";', "b.ts": text };
    expect(circles(sources(files))).toEqual([["a.ts", "b.ts", "a.ts"]]);
  });

  test("each one once, without the files that only lead to it", () => {
    const files = {
      "start.ts": 'import "./a.ts";',
      "a.ts": 'import "./b.ts";',
      "b.ts": 'import "./c.ts";',
      "c.ts": 'import "./a.ts"; import "./d.ts";',
      "d.ts": 'import "./d.ts";',
    };
    expect(circles(sources(files))).toEqual([
      ["a.ts", "b.ts", "c.ts", "a.ts"],
      ["d.ts", "d.ts"],
    ]);
  });
});
