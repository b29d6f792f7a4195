import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importsOf } from "../../scripts/imports.ts";
import { type Consumer, makeConsumer } from "./consumer.ts";

const TSC = createRequire(import.meta.url).resolve("typescript/bin/tsc");

let consumer: Consumer;
let dist: string;
beforeAll(() => {
  consumer = makeConsumer();
  dist = join(consumer.folder, "node_modules/lakota/dist");
}, 60_000);
afterAll(() => consumer?.remove());

const scripts = () => readdirSync(dist).filter((file) => file.endsWith(".js"));
const textOf = (file: string) => readFileSync(join(dist, file), "utf8");

/** Returns `entry` and all files that it imports, directly or not, dynamic imports included. */
function withImports(entry: string): string[] {
  const files = new Set([entry]);
  for (const file of files) {
    for (const { specifier } of importsOf(file, textOf(file))) {
      if (specifier.startsWith("./")) files.add(specifier.slice(2));
    }
  }
  return [...files];
}

/** Names of the packages that an entry imports, dynamic imports included. */
function packagesOf(entry: string): string[] {
  const specifiers = withImports(entry).flatMap((file) =>
    importsOf(file, textOf(file)).map((found) => found.specifier),
  );
  return [...new Set(specifiers.filter((specifier) => !/^(\.\/|node:)/.test(specifier)))].sort();
}

describe("the tarball", () => {
  test("has the built files, the licences, a bill of materials and nothing else", () => {
    const outside = consumer.packed.filter((path) => !path.startsWith("dist/")).sort();
    expect(outside).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY-LICENSES.md",
      "package.json",
      "sbom.cdx.json",
    ]);
    const flat = consumer.packed.filter((path) => /^dist\/[^/]+$/.test(path)).map((path) => path.slice(5));
    const maps = flat.filter((file) => file.endsWith(".js.map"));
    expect(maps.length).toBeGreaterThan(100);
    expect(maps.filter((file) => !flat.includes(file.slice(0, -4)))).toEqual([]);
    const named = flat.filter((file) => !/^chunk-[\w-]+\.js$|\.js\.map$/.test(file)).sort();
    expect(named).toEqual([
      "arrow.js",
      "decoder.js",
      "decoder.wasm",
      "encoder.wasm",
      "engine.js",
      "index.js",
      "interchange-node.js",
      "interchange.js",
      "lakota.js",
      "node.js",
      "query.js",
      "react.js",
      "uplot.js",
      "worker.js",
    ]);
    const nested = consumer.packed.filter((path) => /^dist\/.+\//.test(path));
    expect(nested.filter((path) => !/^dist\/(types\/.+\.d\.ts|explorer\/.+)$/.test(path))).toEqual([]);
    for (const page of ["index.html", "THIRD-PARTY-LICENSES.md"]) {
      expect(nested).toContain(`dist/explorer/${page}`);
    }
  });

  test("depends on no other package", () => {
    expect(
      readdirSync(join(consumer.folder, "node_modules")).filter((name) => !name.startsWith(".")),
    ).toEqual(["lakota"]);
    for (const entry of ["index.js", "engine.js", "worker.js", "decoder.js"]) {
      expect(packagesOf(entry)).toEqual([]);
    }
  });

  test("imports the optional packages by name", () => {
    expect(packagesOf("node.js")).toEqual(["@aws-sdk/credential-providers"]);
    expect(packagesOf("arrow.js")).toEqual(["apache-arrow"]);
    expect(packagesOf("interchange.js")).toEqual(["hyparquet", "hyparquet-compressors", "hyparquet-writer"]);
  });

  test.each(["index.js", "engine.js", "query.js", "interchange.js", "arrow.js", "worker.js", "decoder.js"])(
    "%s imports no module of Node",
    (entry) => {
      const builtins = withImports(entry).flatMap((file) =>
        importsOf(file, textOf(file)).filter(({ specifier }) => specifier.startsWith("node:")),
      );
      expect(builtins).toEqual([]);
    },
  );

  test("the page loads no WebAssembly and no store", () => {
    for (const file of withImports("index.js")) {
      expect(textOf(file)).not.toMatch(/\.wasm|WebAssembly|indexedDB|AWS4-HMAC/);
    }
  });

  test("every relative URL is a literal that names a file of dist/", () => {
    const addresses = scripts().flatMap((file) =>
      [...textOf(file).matchAll(/new URL\("([^"]+)",import\.meta\.url\)/g)].map((match) => match[1]),
    );
    expect([...new Set(addresses)].sort()).toEqual([
      "./decoder.js",
      "./decoder.wasm",
      "./encoder.wasm",
      "./worker.js",
    ]);
    // Other uses of import.meta.url only detect that the module is of another origin than the page.
    const mentions = scripts().flatMap(
      (file) => textOf(file).match(/new URL\([^()]*import\.meta\.url/g) ?? [],
    );
    expect(mentions).toHaveLength(addresses.length);
  });

  test("workers are started with the expression that bundlers recognise", () => {
    for (const [file, script] of [
      ["index.js", "worker.js"],
      ["worker.js", "decoder.js"],
    ]) {
      const code = withImports(file).map(textOf).join("\n");
      expect(code).toContain(`new Worker(new URL("./${script}",import.meta.url),{type:"module"`);
    }
  });
});

describe("classes have readable names, as a console shows them", () => {
  const load = (file: string) => import(pathToFileURL(join(dist, file)).href);

  test("in a page", async () => {
    const { connect, Frame, LakotaError, Schema } = await load("index.js");
    expect([Frame, LakotaError].map(({ name }) => name)).toEqual(["Frame", "LakotaError"]);
    const schema = new Schema({ t: "int*" }).dump();
    // Replies as the engine's worker does.
    const worker = new EventTarget() as EventTarget & {
      postMessage(message: { id: number; name: string }): void;
    };
    worker.postMessage = ({ id, name }) => {
      const value = name === "open" ? "memory://" : { label: "c", path: "", schema };
      worker.dispatchEvent(new MessageEvent("message", { data: { kind: "result", id, result: { value } } }));
    };
    const repo = await connect("memory://", { worker: () => worker });
    const collection = await repo.collection("c");
    const names = [repo, collection, collection.series("s")].map((each) => each.constructor.name);
    expect(names).toEqual(["Repo", "Collection", "Series"]);
  });

  test("in Node", async () => {
    const { openRepo, LakotaError, Schema } = await load("node.js");
    const repo = await openRepo("memory://");
    const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
    const series = collection.series("s");
    await series.write({ t: [1], v: [2] });
    const frame = await series.read();
    const names = [repo, collection, series, frame].map((each) => each.constructor.name);
    expect(names).toEqual(["Repo", "Collection", "Series", "Frame"]);
    expect(LakotaError.name).toBe("LakotaError");
    expect(inspect(frame)).toBe("Frame(1) [ { t: 1, v: 2 } ]");
    repo.close();
  });
});

test("the workers have no code for rows of frames", () => {
  expect(textOf("worker.js")).not.toContain("nodejs.util.inspect.custom");
  expect(withImports("engine.js").map(textOf).join("\n")).toContain("nodejs.util.inspect.custom");
});

describe.each(["worker.js", "decoder.js"])("%s", (entry) => {
  const imports = (file: string) => importsOf(file, textOf(file));

  test("holds all that loads at once, and no file imports it", () => {
    expect(imports(entry).filter(({ dynamic }) => !dynamic)).toEqual([]);
    expect(textOf(entry)).not.toMatch(/\bexport\b/);
    const importers = scripts().filter((file) =>
      imports(file).some(({ specifier }) => specifier === `./${entry}`),
    );
    expect(importers).toEqual([]);
  });
});

test("what a first visit loads on demand is one file without imports", () => {
  const loaded = importsOf("worker.js", textOf("worker.js")).map(({ specifier }) => specifier.slice(2));
  const part = loaded.find((file) => textOf(file).includes("indexedDB.open("))!;
  expect(textOf(part)).toContain("Publish the repo again."); // the reader of published files
  expect(importsOf(part, textOf(part))).toEqual([]);
});

test("in the explorer too each worker is one file, which no file imports", () => {
  const assets = join(dist, "explorer/assets");
  const files = readdirSync(assets).filter((file) => file.endsWith(".js"));
  const imports = (file: string) => importsOf(file, readFileSync(join(assets, file), "utf8"));
  for (const name of ["worker", "decoder"]) {
    const script = files.find((file) => file.startsWith(`${name}-`))!;
    expect(imports(script).filter(({ dynamic }) => !dynamic)).toEqual([]);
    const importers = files.filter((file) =>
      imports(file).some(({ specifier }) => specifier === `./${script}`),
    );
    expect(importers).toEqual([]);
  }
});

test("runs in Node", () => {
  const output = execFileSync(process.execPath, ["node.js"], { cwd: consumer.folder, encoding: "utf8" });
  const line = "199998 rows, value 1.5 to 100000";
  expect(output.trim().split("\n")).toEqual(
    [
      line,
      line,
      "one error class",
      "true 2",
      "true",
      "t,v\n1,1.5\n",
      "This needs the package hyparquet, which could not be loaded: npm install hyparquet",
    ].flatMap((text) => text.trim().split("\n")),
  );
}, 60_000);

test("the installed command runs", () => {
  const lakota = (...args: string[]) =>
    execFileSync("npx", ["--no-install", "lakota", ...args], { cwd: consumer.folder, encoding: "utf8" });
  const { version } = JSON.parse(
    readFileSync(join(consumer.folder, "node_modules/lakota/package.json"), "utf8"),
  );
  expect(lakota("--version")).toBe(`${version}\n`);
  writeFileSync(join(consumer.folder, "rows.csv"), "t,v\n2026-03-01,1.5\n");
  lakota("write", "c/s", "rows.csv", "--create");
  expect(lakota("read", "c/s")).toBe("t,v\n2026-03-01,1.5\n");
}, 60_000);

test.each([
  ["bundler", "esnext"],
  ["nodenext", "nodenext"],
])(
  "the types work with module resolution %s",
  (resolution, module) => {
    const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022"];
    const run = () =>
      execFileSync(
        process.execPath,
        [
          TSC,
          ...options,
          "--lib",
          "es2022,dom,dom.iterable",
          "--module",
          module,
          "--moduleResolution",
          resolution,
          "types.ts",
        ],
        { cwd: consumer.folder, encoding: "utf8", stdio: "pipe" },
      );
    expect(compilerOutput(run)).toBe("");
  },
  60_000,
);

/** Returns what the compiler prints: its errors, or nothing. */
function compilerOutput(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}
