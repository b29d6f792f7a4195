import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { ICECHUNK_MODULES } from "./icechunk.ts";
import type { Peer } from "./peers.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");

/** Builds a peer's page with Vite, without settings that the peer's users do not need. Returns its folder. */
export async function buildApp({ name, script }: Peer): Promise<string> {
  const folder = join(ROOT, ".cache/first-visit/apps", name);
  await build({
    configFile: false,
    logLevel: "error",
    root: HERE,
    resolve: {
      alias: [
        { find: "#peer", replacement: join(HERE, `peers/${script}.ts`) },
        // The packages, as if they were installed.
        { find: /^lakota$/, replacement: join(ROOT, "dist/index.js") },
        { find: /^@earthmover\/(?=icechunk)/, replacement: `${join(ICECHUNK_MODULES, "@earthmover")}/` },
      ],
    },
    worker: { format: "es" },
    build: { outDir: folder, emptyOutDir: true, target: "es2022", reportCompressedSize: false },
  });
  return folder;
}
