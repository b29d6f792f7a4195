import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
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

/** The files that load with `entry`, dynamic imports included: all of its code. */
function closure(entry: string): string[] {
  const files = new Set([entry]);
  for (const file of files) {
    for (const { specifier } of importsOf(file, textOf(file))) {
      if (specifier.startsWith("./")) files.add(specifier.slice(2));
    }
  }
  return [...files];
}

/** Packages that an entry imports, at once or later. */
function packagesOf(entry: string): string[] {
  const specifiers = closure(entry).flatMap((file) =>
    importsOf(file, textOf(file)).map((found) => found.specifier),
  );
  return [...new Set(specifiers.filter((specifier) => !/^(\.\/|node:)/.test(specifier)))].sort();
}

describe("the tarball", () => {
  test("has the built files, the licences and nothing else", () => {
    const outside = consumer.packed.filter((path) => !path.startsWith("dist/")).sort();
    expect(outside).toEqual(["LICENSE", "README.md", "THIRD-PARTY-LICENSES.md", "package.json"]);
    const flat = consumer.packed.filter((path) => /^dist\/[^/]+$/.test(path)).map((path) => path.slice(5));
    const named = flat.filter((file) => !/^chunk-[\w-]+\.js$/.test(file)).sort();
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
      "worker.js",
    ]);
    const nested = consumer.packed.filter((path) => /^dist\/.+\//.test(path));
    expect(nested.filter((path) => !/^dist\/(types\/.+\.d\.ts|explorer\/.+)$/.test(path))).toEqual([]);
    for (const page of ["index.html", "THIRD-PARTY-LICENSES.md"]) {
      expect(nested).toContain(`dist/explorer/${page}`);
    }
  });

  test("needs no other package", () => {
    expect(
      readdirSync(join(consumer.folder, "node_modules")).filter((name) => !name.startsWith(".")),
    ).toEqual(["lakota"]);
    for (const entry of ["index.js", "engine.js", "node.js", "worker.js", "decoder.js"]) {
      expect(packagesOf(entry)).toEqual([]);
    }
  });

  test("those that are optional are named", () => {
    expect(packagesOf("arrow.js")).toEqual(["apache-arrow"]);
    expect(packagesOf("interchange.js")).toEqual(["hyparquet", "hyparquet-compressors", "hyparquet-writer"]);
  });

  test.each(["index.js", "engine.js", "query.js", "interchange.js", "arrow.js", "worker.js", "decoder.js"])(
    "%s imports nothing of Node",
    (entry) => {
      const builtins = closure(entry).flatMap((file) =>
        importsOf(file, textOf(file)).filter(({ specifier }) => specifier.startsWith("node:")),
      );
      expect(builtins).toEqual([]);
    },
  );

  test("the page side holds no WebAssembly and no store", () => {
    for (const file of closure("index.js")) {
      expect(textOf(file)).not.toMatch(/\.wasm|WebAssembly|indexedDB|AWS4-HMAC/);
    }
  });

  test("every address beside a module is a literal that names a file there", () => {
    const addresses = scripts().flatMap((file) =>
      [...textOf(file).matchAll(/new URL\("([^"]+)",import\.meta\.url\)/g)].map((match) => match[1]),
    );
    expect([...new Set(addresses)].sort()).toEqual([
      "./decoder.js",
      "./decoder.wasm",
      "./encoder.wasm",
      "./worker.js",
    ]);
    // Elsewhere a module's own address only tells whether it is of another origin than the page, and then where.
    const mentions = scripts().flatMap(
      (file) => textOf(file).match(/new URL\([^()]*import\.meta\.url/g) ?? [],
    );
    expect(mentions).toHaveLength(addresses.length);
  });

  test("workers are started in the one form that bundlers find", () => {
    for (const [file, script] of [
      ["index.js", "worker.js"],
      ["worker.js", "decoder.js"],
    ]) {
      const code = closure(file).map(textOf).join("\n");
      expect(code).toContain(`new Worker(new URL("./${script}",import.meta.url),{type:"module"`);
    }
  });
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

test("the command runs where it was installed", () => {
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
  "the types serve a project with module resolution %s",
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

/** What the compiler prints: its errors, if it finds any. */
function compilerOutput(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}
