import { describe, expect, test } from "vitest";
import { violations } from "../../scripts/floors.ts";

const of = (files: Record<string, string>) => violations(new Map(Object.entries(files)));

describe("allowed", () => {
  test.each([
    ["src/repo/read.ts", 'import { a } from "../codecs/pipeline.ts";'],
    ["src/repo/read.ts", 'import { a } from "./plan.ts";'],
    ["src/worker/host.ts", 'export * from "../repo/repo.ts";'],
    ["src/codecs/wasm.ts", 'import { load } from "numcodecs-wasm";'],
    ["src/stores/file.ts", 'import { readFile } from "node:fs/promises";'],
    ["src/cli/main.ts", 'import { openRepo } from "../node.ts";'],
    ["src/node.ts", 'export * from "./engine.ts";'],
    ["src/index.ts", 'import type { Store } from "./stores/store.ts";'],
  ])("%s: %s", (path, text) => {
    expect(of({ [path]: text })).toEqual([]);
  });
});

describe("found", () => {
  test.each([
    ["upward", "src/stores/s3.ts", 'import { Repo } from "../repo/repo.ts";'],
    ["upward as a type", "src/model/frame.ts", 'import type { Repo } from "../repo/repo.ts";'],
    ["upward inside a type", "src/model/frame.ts", 'type A = import("../repo/repo.ts").Repo;'],
    ["upward when called", "src/codecs/wasm.ts", 'const a = () => import("../changelog/log.ts");'],
    ["upward by re-export", "src/model/api/repo.ts", 'export { a } from "../../query/expression.ts";'],
    ["sideways between neighbours", "src/stores/cache.ts", 'import { sha1 } from "../codecs/sha1.ts";'],
    ["sideways on one floor", "src/changelog/log.ts", 'import { a } from "../query/reduce.ts";'],
    ["a door", "src/worker/host.ts", 'import { openRepo } from "../engine.ts";'],
    ["the package's own name", "src/repo/repo.ts", 'import { connect } from "lakota";'],
    ["a package in model/", "src/model/schema.ts", 'import { encode } from "@msgpack/msgpack";'],
    ["Node outside its places", "src/stores/s3.ts", 'import { env } from "node:process";'],
    ["out of src/", "src/codecs/wasm.ts", 'import { load } from "../../wasm/src/index.ts";'],
    ["an unknown floor", "src/repo/repo.ts", 'import { a } from "../helpers/a.ts";'],
    ["from an unknown floor", "src/helpers/a.ts", 'import { a } from "../model/errors.ts";'],
  ])("%s", (_, path, text) => {
    const lines = of({ [path]: text });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(path);
  });

  test("every wrong import of a file", () => {
    const text = 'import "../repo/a.ts";\nimport "../model/b.ts";\nexport * from "../cli/c.ts";';
    expect(of({ "src/stores/s3.ts": text })).toHaveLength(2);
  });
});

describe("the page side", () => {
  const index = 'export { connect } from "./worker/client.ts";';

  test("may build on the worker's client and model/", () => {
    const client = 'import { a } from "../model/errors.ts"; import type { Repo } from "../repo/repo.ts";';
    expect(of({ "src/index.ts": index, "src/worker/client.ts": client })).toEqual([]);
  });

  test.each([
    ["a store", 'import { a } from "../stores/s3.ts";', "src/stores/s3.ts"],
    ["a store when called", 'const a = () => import("../stores/s3.ts");', "src/stores/s3.ts"],
    ["a package", 'import { a } from "idb-keyval";', "idb-keyval"],
  ])("may not reach %s, however far", (_, text, reached) => {
    const client = 'import { b } from "./helper.ts";';
    const lines = of({ "src/index.ts": index, "src/worker/client.ts": client, "src/worker/helper.ts": text });
    expect(lines).toEqual([
      `src/index.ts reaches ${reached}, which must stay off the page: ` +
        `src/index.ts -> src/worker/client.ts -> src/worker/helper.ts -> ${reached}`,
    ]);
  });
});
