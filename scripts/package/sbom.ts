import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** A component of a software bill of materials, as CycloneDX 1.5 has it. */
interface Component {
  readonly "bom-ref": string;
  readonly type: "library";
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly object[];
  readonly licenses?: readonly object[];
  readonly description?: string;
}

interface Bom {
  readonly specVersion: string;
  readonly components: readonly Component[];
}

const WASM_LICENCES = "wasm/THIRD-PARTY-LICENSES.md";

/** SPDX names of the licences in {@link WASM_LICENCES}. */
const SPDX: Readonly<Record<string, string>> = {
  "BSD 3-clause": "BSD-3-Clause",
  "BSD 2-clause": "BSD-2-Clause",
  MIT: "MIT",
  zlib: "Zlib",
};

/**
 * Returns the bill of materials of a package: what is compiled into its files, since it has no dependencies. The same inputs
 * give the same bytes: there is no time and no random number in it.
 *
 * @param licenceFiles name the packages whose code is bundled, as headings
 */
export function createSbom(
  root: { readonly name: string; readonly version: string; readonly license: string },
  licenceFiles: readonly string[],
): object {
  const listed = npmSbom();
  const named = new Set(licenceFiles.flatMap(bundledIn));
  const bundled = [...named].sort().map((ref) => bundledComponent(listed, ref));
  const components = [...bundled, ...compiledComponents()];
  const ref = `${root.name}@${root.version}`;
  return {
    $schema: `http://cyclonedx.org/schema/bom-${listed.specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion: listed.specVersion,
    version: 1,
    metadata: {
      component: {
        "bom-ref": ref,
        type: "library",
        name: root.name,
        version: root.version,
        purl: `pkg:npm/${ref}`,
        licenses: [{ license: { id: root.license } }],
      },
    },
    components,
    dependencies: [
      { ref, dependsOn: components.map((component) => component["bom-ref"]) },
      ...components.map((component) => ({ ref: component["bom-ref"], dependsOn: [] })),
    ],
  };
}

/** What npm knows of all packages of the lock file, with their digests. */
function npmSbom(): Bom {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  return JSON.parse(execFileSync("npm", args, { encoding: "utf8", maxBuffer: 64 << 20 }));
}

/** Returns `name@version` of the packages that a file of licences has as headings. */
function bundledIn(path: string): string[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist: run \`npm run build\` first`);
  return [...readFileSync(path, "utf8").matchAll(/^## (\S+) (\d\S*) \(/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  );
}

function bundledComponent({ components }: Bom, ref: string): Component {
  const found = components.find((component) => component["bom-ref"] === ref);
  if (!found) throw new Error(`npm sbom does not list ${ref}, which a file of licences names`);
  const { "bom-ref": id, type, name, version, purl, hashes, licenses } = found;
  return { "bom-ref": id, type, name, version, purl, hashes, licenses };
}

/** Returns the projects in C whose code is in the WebAssembly modules: the rows of the table of their licences. */
export function compiledComponents(): Component[] {
  const rows = readFileSync(WASM_LICENCES, "utf8").matchAll(
    /^\| ([^|]+) \| ([^|]*) \| ([^|]+) \| ([^|]+) \|$/gm,
  );
  return [...rows].flatMap(([, project, of, modules, licence]): Component[] => {
    if (project === "project" || /^-+$/.test(project!.trim())) return [];
    const name = project!.replace(/[,'(].*$/, "").trim();
    const id = SPDX[licence!.trim()];
    if (id === undefined) throw new Error(`${WASM_LICENCES}: no SPDX name is known of ${licence}`);
    const version = /[\d.]+\d/.exec(of!)?.[0];
    const part = project!.trim() === name ? "" : ` (${project!.trim()})`;
    return [
      {
        "bom-ref": `wasm/${name}${version ? `@${version}` : ""}`,
        type: "library",
        name,
        ...(version && { version, purl: `pkg:generic/${name.toLowerCase()}@${version}` }),
        licenses: [{ license: { id } }],
        description: `Compiled to WebAssembly: ${modules!.trim()}${part}`,
      },
    ];
  });
}
