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

const SPEC_VERSION = "1.5";

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
  const named = new Set(licenceFiles.flatMap(bundledIn));
  const locked = lockedPackages();
  const bundled = [...named].sort().map((ref) => bundledComponent(locked, ref));
  const components = [...bundled, ...compiledComponents()];
  const ref = `${root.name}@${root.version}`;
  return {
    $schema: `http://cyclonedx.org/schema/bom-${SPEC_VERSION}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion: SPEC_VERSION,
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

/** What the lock file records of a package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  /** The digest of its tarball: `sha512-` and base64. */
  readonly integrity?: string;
}

type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * Returns the packages of the lock file by their folder. `npm sbom` lists the same, but fails while any tool has a peer dependency
 * that it does not like.
 */
const lockedPackages = (): LockedPackages => JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

/** Returns `name@version` of the packages that a file of licences has as headings. */
function bundledIn(path: string): string[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist: run \`npm run build\` first`);
  return [...readFileSync(path, "utf8").matchAll(/^## (\S+) (?:- )?(\d\S*) \(/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  );
}

function bundledComponent(locked: LockedPackages, ref: string): Component {
  const at = ref.lastIndexOf("@");
  const [name, version] = [ref.slice(0, at), ref.slice(at + 1)];
  const found = Object.entries(locked).find(
    ([folder, one]) => folder.endsWith(`node_modules/${name}`) && one.version === version,
  )?.[1];
  if (!found?.license)
    throw new Error(`package-lock.json has no ${ref} with a licence, which a file of licences names`);
  const [, digest] = /^sha512-(\S+)$/.exec(found.integrity ?? "") ?? [];
  return {
    "bom-ref": ref,
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    ...(digest && { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] }),
    licenses: [{ license: { id: found.license } }],
  };
}

/** Returns the projects in C whose code is in the WebAssembly modules: the rows of the table of their licences. */
export function compiledComponents(): Component[] {
  const rows = readFileSync(WASM_LICENCES, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2) // the heading
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.map(([, project = "", of = "", modules = "", licence = ""]): Component => {
    const name = project.replace(/[,'(].*$/, "").trim();
    const id = SPDX[licence];
    if (id === undefined) throw new Error(`${WASM_LICENCES}: no SPDX name is known of ${licence}`);
    const version = /[\d.]+\d/.exec(of)?.[0];
    const part = project === name ? "" : ` (${project})`;
    return {
      "bom-ref": `wasm/${name}${version ? `@${version}` : ""}`,
      type: "library",
      name,
      ...(version && { version, purl: `pkg:generic/${name.toLowerCase()}@${version}` }),
      licenses: [{ license: { id } }],
      description: `Compiled to WebAssembly: ${modules}${part}`,
    };
  });
}
