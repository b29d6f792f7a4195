import { defineCommand } from "../command.ts";
import { listRemotes } from "../config/remotes.ts";
import type { Context } from "../context.ts";
import { type Completions, completionsFor } from "../parsing/completion.ts";

/** Called by the completion scripts. */
export const complete = defineCommand({
  name: "complete",
  hidden: true,
  summary: "Print completions of the last word",
  arguments: [{ name: "WORD", about: "the words typed after `lakota`", optional: true, many: true }],
  examples: [],
  async run(context, words) {
    const { words: known, lookUp } = completionsFor(words, context.commands);
    if (lookUp === "file") await context.out.line(":files");
    if (lookUp === "folder") await context.out.line(":folders");
    for (const word of (await lookedUp(context, lookUp, words)) ?? known ?? []) await context.out.line(word);
    return 0;
  },
});

async function lookedUp(context: Context, lookUp: Completions["lookUp"], words: readonly string[]) {
  switch (lookUp) {
    case "collection":
    case "series":
      return labels(context, lookUp, words);
    case "remote":
      return remotes();
    case "repo": {
      // Shells look for folders if the first line says so.
      const last = words.at(-1) ?? "";
      const names = (await remotes()).filter((name) => name.startsWith(last));
      return names.length > 0 ? names : [":folders"];
    }
    default:
      return undefined;
  }
}

const remotes = async () => (await listRemotes()).map(({ name }) => name);

async function labels(context: Context, kind: "collection" | "series", words: readonly string[]) {
  const uris = repoOf(words);
  const repo = await context.repo(uris.length > 0 ? { uris } : {});
  const { signal } = context;
  const labels = await repo.ls({ signal });
  const last = words.at(-1) ?? "";
  const parent = labels.find((label) => last.startsWith(`${label}/`));
  if (kind === "collection" || parent === undefined) return labels;
  const collection = await repo.collection(parent, { signal });
  return (await collection.ls({ signal })).map((series) => `${parent}/${series}`);
}

/** Returns the values of --repo in the command line that is being completed. */
const repoOf = (words: readonly string[]) =>
  words.flatMap((word, i) => (["-r", "--repo"].includes(words[i - 1] ?? "") && word !== "" ? [word] : []));
