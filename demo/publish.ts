/**
 * Puts the explorer into a folder of a plain web host, beside a repository with the demo's data, which it opens. The build
 * of the explorer is that of `npm run build`.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRepo } from "lakota/node";
import { DESCRIPTIONS } from "./seed/descriptions.ts";
import { seed } from "./seed/seed.ts";

const EXPLORER = "dist/explorer";
/** Folder of the repository. The address is relative, so that the page works below any path. */
const REPO = "repo";
const REPO_META = `<meta name="lakota-repo" content="./${REPO}" />`;

/** Not to be passed on, since nobody states the terms. A site gives copies to its visitors; `npm start` reads the installed package. */
const WITHOUT_TERMS: readonly string[] = ["indices", "stocks"];
const PUBLIC_COLLECTIONS = Object.keys(DESCRIPTIONS).filter((label) => !WITHOUT_TERMS.includes(label));

/**
 * @param folder is replaced
 * @param collections the collections to write. Default: all that may be passed on, 9 MB
 */
export async function publishDemo(
  folder: string,
  collections: readonly string[] = PUBLIC_COLLECTIONS,
): Promise<void> {
  const unknown = collections.find((label) => !PUBLIC_COLLECTIONS.includes(label));
  if (unknown !== undefined)
    throw new Error(`"${unknown}" cannot be published. Choose of: ${PUBLIC_COLLECTIONS.join(", ")}.`);
  if (!existsSync(`${EXPLORER}/index.html`))
    throw new Error(`${EXPLORER}/ is missing. Build it with "npx vite build --mode explorer".`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(EXPLORER, folder, { recursive: true });
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("</head>", `${REPO_META}</head>`));
  const repo = await openRepo(join(folder, REPO));
  try {
    await seed(repo, collections, () => undefined);
    await repo.publish({ overviews: true });
  } finally {
    repo.close();
  }
  rmSync(join(folder, REPO, ".lakota"), { recursive: true, force: true }); // temporary files
}
