import type { CollectionDescription, InfoOptions, LsOptions, SeriesDescription } from "lakota";
import { describedAs } from "../data/read-info.ts";

/** What finds series by their descriptions. A collection does. */
export interface DescribedSeries {
  ls(options: Pick<LsOptions, "text" | "limit" | "signal">): Promise<string[]>;
  info(options: Pick<InfoOptions, "series" | "signal">): Promise<CollectionDescription>;
}

/** What is shown of a series that was found, besides its label. */
export interface Found {
  readonly title?: string;
  /** Where else the words are: a tag, or the words around them in the description. */
  readonly note?: string;
}

/** Most series that are looked at in a collection. */
const LIMIT = 1_000;
/** Characters of a description that are shown before and after what was searched for. */
const AROUND = 30;

export const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Searches the titles, units, descriptions and tags of series, and their labels: all words are in them or in the name of
 * the collection, and at least one is in them. Returns what to show of each, by label.
 */
export async function searchDescriptions(
  query: string,
  collection: string,
  series: DescribedSeries,
  signal: AbortSignal,
): Promise<Map<string, Found>> {
  const words = wordsOf(query);
  const name = collection.toLowerCase();
  const own = words.filter((word) => !name.includes(word));
  const [longest] = (own.length > 0 ? own : words).sort((a, b) => b.length - a.length);
  const found = new Map<string, Found>();
  if (longest === undefined) return found;
  const labels = await series.ls({ text: longest, limit: LIMIT, signal });
  if (labels.length === 0) return found;
  const info = await series.info({ series: labels, signal });
  for (const label of labels) {
    const described = describedAs(info.series, label) ?? {};
    const text = [label, ...textsOf(described)].join("\n").toLowerCase();
    const isIn = (word: string) => text.includes(word);
    if (!words.every((word) => isIn(word) || name.includes(word)) || !words.some(isIn)) continue;
    found.set(label, describe(label, described, words));
  }
  return found;
}

/** Whether title and description of a collection have all words of a query. */
export function isAbout({ title = "", description = "" }: CollectionDescription, query: string): boolean {
  const text = `${title}\n${description}`.toLowerCase();
  return wordsOf(query).every((word) => text.includes(word));
}

const textsOf = ({ title, unit, description, tags = [] }: SeriesDescription): string[] =>
  [title, unit, description, ...tags].filter((text) => text !== undefined);

function describe(
  label: string,
  { title, description, tags = [] }: SeriesDescription,
  words: readonly string[],
): Found {
  const seen = `${label}\n${title ?? ""}`.toLowerCase();
  const hidden = words.find((word) => !seen.includes(word));
  const contains = (text: string | undefined) =>
    hidden !== undefined && text?.toLowerCase().includes(hidden) ? text : undefined;
  const tag = tags.find(contains);
  const note = tag ?? excerpt(contains(description), hidden);
  return { ...(title !== undefined && { title }), ...(note !== undefined && { note }) };
}

function excerpt(text: string | undefined, word = ""): string | undefined {
  if (text === undefined) return undefined;
  const at = text.toLowerCase().indexOf(word);
  const [from, to] = [Math.max(0, at - AROUND), at + word.length + AROUND];
  return `${from > 0 ? "…" : ""}${text.slice(from, to).trim()}${to < text.length ? "…" : ""}`;
}
