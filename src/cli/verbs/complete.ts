import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { offer } from "../parsing/completion.ts";

/** What the completion scripts ask. */
export const complete = defineCommand({
  name: "complete",
  hidden: true,
  summary: "Offer what may stand for the last of some words",
  arguments: [{ name: "WORD", about: "what was typed after `lakota`", optional: true, many: true }],
  examples: [],
  async run(context, words) {
    const { words: known, lookUp } = offer(words, context.commands);
    const found =
      lookUp === "collection" || lookUp === "series" ? await labels(context, lookUp, words) : known;
    if (lookUp === "file") await context.out.line(":files");
    if (lookUp === "folder") await context.out.line(":folders");
    for (const word of found ?? []) await context.out.line(word);
    return 0;
  },
});

async function labels(context: Context, kind: "collection" | "series", words: readonly string[]) {
  const given = repoOf(words);
  const repo = await context.repo(given.length > 0 ? { given } : {});
  const { signal } = context;
  const labels = await repo.ls({ signal });
  const last = words.at(-1) ?? "";
  const own = labels.find((label) => last.startsWith(`${label}/`));
  if (kind === "collection" || own === undefined) return labels;
  const collection = await repo.collection(own, { signal });
  return (await collection.ls({ signal })).map((series) => `${own}/${series}`);
}

/** The values of --repo in the line that is being completed. */
const repoOf = (words: readonly string[]) =>
  words.flatMap((word, i) => (["-r", "--repo"].includes(words[i - 1] ?? "") && word !== "" ? [word] : []));
