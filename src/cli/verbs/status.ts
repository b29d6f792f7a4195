import { defineCommand } from "../command.ts";
import { knownUris } from "../config/remotes.ts";
import type { Context } from "../context.ts";
import { parseRepoUri } from "../options/repo-uri.ts";
import { safeText } from "../output/safe-text.ts";
import { countText, plural } from "../output/units.ts";
import { checkExists, existingRepo } from "../targets/existing-repo.ts";
import {
  allCollections,
  type CacheStatus,
  cacheStatus,
  compareRepos,
  type Difference,
  describedCollections,
  type HistoryStatus,
  historyStatus,
  type IndexStatus,
  indexStatus,
} from "../targets/repo-status.ts";

export const status = defineCommand({
  name: "status",
  summary:
    "Show what needs attention: heads to merge, revisions to push or pull, an outdated index, pending writes",
  description: [
    "Looks at the listings of the registry and of all collections, and changes nothing. With REPO, compares the revisions of both repos, those of descriptions included: what `push` and `pull` would copy. " +
      "`verify` reads the data as well.",
    "Of a stack (`-r cache -r s3://bucket/prefix`) it also tells what the cache holds, and which writes wait in it to be sent.",
  ],
  arguments: [
    {
      name: "REPO",
      about: "another repo to compare with: the name of a remote, or as for --repo",
      optional: true,
      completes: "repo",
    },
  ],
  examples: [
    { command: "lakota status", about: "is there something to merge?" },
    { command: "lakota status prod", about: "what would be pushed to a remote, or pulled from it?" },
  ],
  async run(context, [other]) {
    const repo = await existingRepo(context);
    const { signal, globals } = context;
    const collections: HistoryStatus[] = [];
    const all = await allCollections(repo, signal);
    for (const [label, collection] of all) collections.push(await historyStatus(label, collection, signal));
    const descriptions: HistoryStatus[] = [];
    for (const [label, described] of await describedCollections(repo, all, signal))
      descriptions.push(await historyStatus(label, described, signal));
    const index = await indexStatus(repo, signal);
    const differences = other === undefined ? undefined : await compareWith(context, other);
    const cache = await cacheOf(context);
    if (globals.json) {
      const compared = differences && { compared: { repo: other, differences } };
      await context.json({ uri: repo.uri, collections, descriptions, index, cache, ...compared });
      return 0;
    }
    const count = collections.length - 1; // without the registry
    const [revisions, described] = [collections, descriptions].map((histories) =>
      histories.reduce((sum, each) => sum + each.revisions, 0),
    );
    const open = [
      ...collections.flatMap((history) => historyLines(history)),
      ...descriptions.flatMap((history) => historyLines(history, "descriptions of ")),
      ...indexLines(index),
      ...cacheLines(cache),
      ...(differences?.map((difference) => differenceLine(difference, other!)) ?? []),
    ];
    const lines = [
      `${repo.uri}: ${plural(count, "collection")}, ${plural(revisions!, "revision")}${described ? `, and ${plural(described, "revision")} of descriptions` : ""}.`,
      ...open,
      ...(differences?.length === 0 ? [`Nothing to push to ${other}, or to pull from it.`] : []),
      ...(open.length === 0 ? ["Nothing to do."] : []),
    ];
    for (const line of lines) await context.out.line(safeText(line));
    return 0;
  },
});

/** Returns what the cache of a stack holds; undefined if the repo is none. */
async function cacheOf(context: Context): Promise<CacheStatus | undefined> {
  const [nearest, ...others] = await context.uris();
  if (nearest === undefined || others.length === 0) return undefined;
  const cache = await context.open([nearest], { cache: false });
  try {
    return await cacheStatus(cache, context.signal);
  } finally {
    cache.close();
  }
}

async function compareWith(context: Context, text: string): Promise<Difference[]> {
  const other = await context.open(await knownUris(parseRepoUri(text)), { cache: false });
  try {
    await checkExists(other, context.signal);
    return await compareRepos(await context.repo(), other, context.signal);
  } finally {
    other.close();
  }
}

/** @param what is put before the label */
function historyLines({ label, heads, missing }: HistoryStatus, what = ""): string[] {
  const merge = label === "registry" ? "lakota merge" : `lakota merge '${label}'`;
  return [
    ...(heads.length > 1 ? [`${what}${label}: ${countText(heads.length)} heads. Merge them: ${merge}`] : []),
    ...heads.flatMap((head) => (heads.length > 1 ? [`  ${head}`] : [])),
    ...(missing > 0
      ? [
          `${what}${label}: the history begins after ${plural(missing, "revision")} that were trimmed or not copied.`,
        ]
      : []),
  ];
}

function indexLines(index: IndexStatus | undefined): string[] {
  if (index?.problem !== undefined) return [index.problem];
  if (!index || index.lacking === 0) return [];
  return [`The published index lacks ${plural(index.lacking, "revision")}. Renew it: lakota publish`];
}

function cacheLines(cache: CacheStatus | undefined): string[] {
  if (!cache) return [];
  const { uri, waiting } = cache;
  if (waiting === 0) return [];
  return [
    `${plural(waiting, "file")} in the cache ${uri} wait to be sent, by a program that opens it with writeOffline.`,
  ];
}

function differenceLine({ label, descriptions, toPush, toPull }: Difference, other: string): string {
  const parts = [
    ...(toPush > 0 ? [`${plural(toPush, "revision")} to push to ${other}`] : []),
    ...(toPull > 0 ? [`${plural(toPull, "revision")} to pull from it`] : []),
  ];
  return `${descriptions ? "descriptions of " : ""}${label}: ${parts.join(", ")}.`;
}
