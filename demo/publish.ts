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
/** What the page gets: the repository that it opens, and a link from its name to the site around it. */
const CHANGES = {
  "</head>": `<meta name="lakota-repo" content="./${REPO}" /></head>`,
  "<b>Lakota</b>": '<a href="../" title="Documentation"><b>Lakota</b></a>',
} as const;

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
  changePage(join(folder, "index.html"));
  const repo = await openRepo(join(folder, REPO));
  try {
    await seed(repo, collections, () => undefined);
    await repo.publish({ overviews: true });
  } finally {
    repo.close();
  }
  rmSync(join(folder, REPO, ".lakota"), { recursive: true, force: true }); // temporary files
}

function changePage(path: string): void {
  let html = readFileSync(path, "utf8");
  for (const [part, changed] of Object.entries(CHANGES)) {
    if (html.split(part).length !== 2) throw new Error(`${path} does not have "${part}" once.`);
    html = html.replace(part, changed);
  }
  writeFileSync(path, html);
}
