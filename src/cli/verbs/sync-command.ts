import type { RepoAddress, SyncOptions, SyncReport } from "../../model/api/sync.ts";
import { type Command, defineCommand } from "../command.ts";
import { checkFolder, folderPath } from "../config/check-folder.ts";
import { knownUris } from "../config/remotes.ts";
import type { Context } from "../context.ts";
import type { OptionTable } from "../options/options.ts";
import { parseRepoUri } from "../options/repo-uri.ts";
import { bytesText, countText, plural } from "../output/units.ts";
import type { Argument, Example } from "../parsing/command-spec.ts";
import { checkExists, existingRepo } from "../targets/existing-repo.ts";

const ARGUMENTS: readonly Argument[] = [
  { name: "REPO", about: "the other repo: the name of a remote, or as for --repo", completes: "repo" },
  {
    name: "COLLECTION",
    about: "full names of collections. Default: all",
    optional: true,
    many: true,
    completes: "collection",
  },
];

const OPTIONS = {
  shallow: { short: "s", about: "only the chunks of the newest state, not those of the history" },
} as const satisfies OptionTable;

/** Defines push or pull, which differ only in their direction. */
export function syncCommand(name: "push" | "pull", summary: string, examples: readonly Example[]): Command {
  return defineCommand({
    name,
    summary,
    description: [
      "Both histories are kept: if both repos have changed, readers see the heads of both until a write or `merge` joins them. " +
        "An interrupted copy resumes without copying files again.",
    ],
    arguments: ARGUMENTS,
    options: OPTIONS,
    examples,
    async run(context, [other, ...labels], { shallow }) {
      const uris = await knownUris(parseRepoUri(other!), (word) =>
        name === "push" ? ` To make a new folder, write ./${word}.` : "",
      );
      const options = syncOptions(context, labels, shallow);
      if (name === "pull") await checkSource(context, uris);
      if (name === "push") await Promise.all(uris.map(checkFolder));
      const report = await (name === "pull"
        ? (await context.repo()).pull(uris, options)
        : (await existingRepo(context, { readOnly: true })).push(withToken(uris, context.token), options));
      await reportSync(context, report, name === "push" ? placeText(uris) : undefined);
      return 0;
    },
  });
}

/** @throws `not-found` if there is no repo to pull from: there would be nothing new in it. */
async function checkSource(context: Context, uris: readonly string[]): Promise<void> {
  const source = await context.open(uris, { cache: false });
  try {
    await checkExists(source, context.signal);
  } finally {
    source.close();
  }
}

/** Adds the token to the address of an HTTP repo that is written to. Other stores have their own credentials. */
function withToken(uris: readonly string[], token: string | undefined): RepoAddress {
  const [uri, ...others] = uris;
  return token !== undefined && others.length === 0 && /^https?:/i.test(uri!) ? { uri: uri!, token } : uris;
}

function syncOptions(
  { signal, progress }: Context,
  labels: readonly string[],
  shallow: boolean | undefined,
): SyncOptions {
  return {
    signal,
    ...(labels.length > 0 && { labels }),
    ...(shallow && { shallow }),
    onProgress: ({ files, totalFiles, bytes, label }) =>
      progress.show(
        () => `${label}: ${countText(files)} of ${plural(totalFiles, "file")}, ${bytesText(bytes)}`,
      ),
  };
}

/** Names a repo in a sentence: a folder by its path, and without what may be secret in other addresses. */
const placeText = (uris: readonly string[]): string =>
  uris.map((uri) => folderPath(uri) ?? uri.replace(/[?#].*$/s, "").replace(/(?<=:\/\/)[^/]*@/, "")).join(" ");

/** @param target where the files were copied to, if that is not the repo of the command */
async function reportSync(
  context: Context,
  { collections, overviews }: SyncReport,
  target: string | undefined,
): Promise<void> {
  context.progress.clear();
  const copied = collections.filter(({ revisions }) => revisions > 0);
  const lines = copied.map(
    ({ label, revisions, chunks, bytes }) =>
      `${label}: ${plural(revisions, "revision")}, ${chunks > 0 ? `${plural(chunks, "chunk")}, ` : ""}${bytesText(bytes)}.`,
  );
  if (overviews?.files) lines.push(`${plural(overviews.files, "overview")}, ${bytesText(overviews.bytes)}.`);
  if (lines.length > 0 && target !== undefined) lines.push(`Copied to ${target}.`);
  await context.report(
    { collections, ...(overviews && { overviews }) },
    lines.length > 0 ? lines : "Nothing new.",
  );
}
