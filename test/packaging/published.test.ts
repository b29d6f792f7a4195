import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addressFields,
  type PublishInfo,
  problemsOf,
  readPublishInfo,
} from "../../scripts/package/publish-info.ts";
import { publishedReadme } from "../../scripts/package/published-readme.ts";
import { compiledComponents } from "../../scripts/package/sbom.ts";
import { packPackage } from "../../scripts/package/stage.ts";

const INFO: PublishInfo = {
  repository: "https://example.org/lakota.git",
  homepage: "https://example.org/lakota",
  bugs: "https://example.org/lakota/issues",
  file: "https://example.org/lakota/blob/v{version}/{path}",
  raw: "https://example.org/lakota/raw/v{version}/{path}",
};
const NOTHING: PublishInfo = { repository: "", homepage: "", bugs: "", file: "", raw: "" };

/** Licences under which code may be bundled. */
const PERMITTED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Zlib"];

describe("what is published", () => {
  let folder: string;
  let packed: ReturnType<typeof packPackage>;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lakota-published-"));
    packed = packPackage(".", folder, INFO);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (path: string) => readFileSync(join(packed.staged, path), "utf8");

  test("has no scripts, and names where it comes from", () => {
    const manifest = JSON.parse(read("package.json"));
    for (const field of ["scripts", "devDependencies", "dependencies", "workspaces"])
      expect(manifest).not.toHaveProperty(field);
    expect(manifest).toMatchObject({
      homepage: INFO.homepage,
      bugs: { url: INFO.bugs },
      repository: { type: "git", url: "git+https://example.org/lakota.git" },
    });
    for (const path of manifest.sideEffects) expect(existsSync(join(packed.staged, path))).toBe(true);
  });

  test("every link of the README leads to a file of the project, or to an address", () => {
    const { version } = JSON.parse(read("package.json"));
    const links = [...read("README.md").matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);
    const prefix = `https://example.org/lakota/`;
    const own = links.filter((target) => target.startsWith(prefix));
    expect(own.length).toBeGreaterThan(20);
    for (const target of own) {
      const path = target.slice(prefix.length).replace(new RegExp(`^(?:blob|raw)/v${version}/`), "");
      expect(existsSync(path.split("#")[0]!), target).toBe(true);
    }
    for (const target of links) expect(target).toMatch(/^(?:https:\/\/|#)/);
  });

  test("the bill of materials lists what the licences name, and the code in WebAssembly", () => {
    const { components, bomFormat, serialNumber } = JSON.parse(read("sbom.cdx.json"));
    expect([bomFormat, serialNumber]).toEqual(["CycloneDX", undefined]);
    const names: string[] = components.map(({ name }: { name: string }) => name);
    const licensed = [...read("THIRD-PARTY-LICENSES.md").matchAll(/^## (\S+) \d/gm)].map(([, name]) => name!);
    expect(licensed.length).toBeGreaterThan(3);
    expect(names).toEqual(expect.arrayContaining([...licensed, "uplot", "c-blosc", "Zstandard", "LZ4"]));
    for (const { name, licenses } of components)
      for (const { license } of licenses) expect(PERMITTED, name).toContain(license.id);
    expect(components.every(({ licenses }: { licenses: unknown[] }) => licenses.length > 0)).toBe(true);
    // It says nothing of the machine on which it was made.
    expect(read("sbom.cdx.json")).not.toMatch(/https?:\/\/(?!cyclonedx\.org)|timestamp/);
  });
});

test("the compiled projects have versions and licences", () => {
  expect(compiledComponents().map(({ name, version, licenses }) => [name, version, licenses])).toEqual(
    expect.arrayContaining([
      ["c-blosc", "1.21.3", [{ license: { id: "BSD-3-Clause" } }]],
      ["LZ4", "1.9.4", [{ license: { id: "BSD-2-Clause" } }]],
      ["zlib-ng", undefined, [{ license: { id: "Zlib" } }]],
      ["musl", "3.1.6", [{ license: { id: "MIT" } }]],
    ]),
  );
});

test("a release needs all addresses", () => {
  expect(problemsOf(INFO)).toEqual([]);
  expect(problemsOf(NOTHING)).toHaveLength(5);
  expect(problemsOf({ ...INFO, file: "https://example.org/{path}" })).toEqual([
    expect.stringContaining('"file" lacks {version}'),
  ]);
  expect(problemsOf({ ...INFO, bugs: "git@example.org" })).toEqual([
    expect.stringContaining("no https address"),
  ]);
  expect(addressFields(NOTHING, ".")).toEqual({});
  expect(addressFields(INFO, "wasm")).toMatchObject({ repository: { directory: "wasm" } });
  expect(Object.keys(readPublishInfo())).toEqual(Object.keys(NOTHING));
});

test("links of a README become addresses, or text while there is none", () => {
  const text = "![A](docs/a.png) [b `c`](../docs/b.md#x) [d](#d) [e](https://e.org) [![f](g.png)](h.md)";
  const options = { folder: "wasm", version: "1.2.3" };
  const address = "https://example.org/lakota";
  expect(publishedReadme(text, { ...options, info: INFO })).toBe(
    `![A](${address}/raw/v1.2.3/wasm/docs/a.png) [b \`c\`](${address}/blob/v1.2.3/docs/b.md#x) [d](#d) ` +
      `[e](https://e.org) [![f](g.png)](${address}/blob/v1.2.3/wasm/h.md)`,
  );
  expect(publishedReadme("![A](a.png)[b](b.md) [d](#d)", { ...options, info: NOTHING })).toBe("b [d](#d)");
});
