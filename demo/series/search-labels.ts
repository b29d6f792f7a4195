import type { LabelPages } from "./label-pages.ts";
import {
  type DescribedSeries,
  type Found,
  isAbout,
  searchDescriptions,
  wordsOf,
} from "./search-descriptions.ts";

/** Labels that are asked for at a time: few enough that the first matches of very many series come soon. */
const PAGE = 5_000;
/** Labels that begin with what is searched for, and come before all others. */
const FIRST = 50;
/** Most matches that are kept. All are counted. */
const MAX_KEPT = 1_000;

/** A series that was found. */
export interface Match extends Found {
  readonly collection: string;
  readonly label: string;
}

/** What a search has found so far. */
export interface SearchState {
  readonly matches: readonly Match[];
  /** Also counts matches that are not kept. */
  readonly found: number;
  /** Labels that were looked at. */
  readonly searched: number;
  /** Collections of which title or description have all words. */
  readonly collections: readonly string[];
  /** Collections that could not be listed. */
  readonly failed: readonly string[];
  readonly isDone: boolean;
}

interface SearchOptions {
  /** Labels of the collections to search, in their order. */
  readonly collections: readonly string[];
  /** Returns what lists the series of a collection, and may describe them. */
  open(collection: string, signal: AbortSignal): Promise<LabelPages & Partial<Pick<DescribedSeries, "info">>>;
  /** Called after each page. */
  onState(state: SearchState): void;
  readonly signal: AbortSignal;
}

/**
 * Returns a condition for labels: all words of a query are in the label or in the name of its collection, in any case,
 * and at least one in the label.
 */
export function matcherOf(query: string): (collection: string, label: string) => boolean {
  const words = wordsOf(query);
  return (collection, label) => {
    const [name, text] = [collection.toLowerCase(), label.toLowerCase()];
    return (
      words.every((word) => text.includes(word) || name.includes(word)) &&
      words.some((word) => text.includes(word))
    );
  };
}

/**
 * Searches all series of some collections: first their labels, page by page, then their titles, descriptions and tags.
 * Rejects when the signal fires.
 */
export async function searchLabels(
  query: string,
  { collections, open, onState, signal }: SearchOptions,
): Promise<void> {
  const isMatch = matcherOf(query);
  const matches: Match[] = [];
  const failed: string[] = [];
  const described: string[] = [];
  let [found, searched] = [0, 0];
  const report = (isDone: boolean) => {
    signal.throwIfAborted();
    onState({ matches, found, searched, collections: described, failed, isDone });
  };
  for (const collection of collections) {
    try {
      const pages = await open(collection, signal);
      const limit = Math.min(FIRST, MAX_KEPT - matches.length);
      const first = new Set(limit > 0 ? await pages.ls({ prefix: query.trim(), limit, signal }) : []);
      matches.push(...[...first].map((label) => ({ collection, label })));
      found += first.size;
      if (first.size > 0) report(false);
      for (let after: string | undefined, isLast = false; !isLast; ) {
        const labels = await pages.ls({ limit: PAGE, signal, ...(after !== undefined && { after }) });
        signal.throwIfAborted();
        const some = labels.filter((label) => isMatch(collection, label) && !first.has(label));
        matches.push(...some.slice(0, MAX_KEPT - matches.length).map((label) => ({ collection, label })));
        found += some.length;
        searched += labels.length;
        after = labels.at(-1);
        isLast = labels.length < PAGE;
        report(false);
      }
      const { info } = pages;
      if (!info) continue;
      const series: DescribedSeries = {
        ls: (options) => pages.ls(options),
        info: (options) => info.call(pages, options),
      };
      const texts = await searchDescriptions(query, collection, series, signal);
      for (const [i, match] of matches.entries())
        if (match.collection === collection) matches[i] = { ...match, ...texts.get(match.label) };
      const others = [...texts].filter(([label]) => !isMatch(collection, label) && !first.has(label));
      found += others.length;
      for (const [label, shown] of others.slice(0, MAX_KEPT - matches.length))
        matches.push({ collection, label, ...shown });
      if (isAbout(await series.info({ signal }), query)) described.push(collection);
      report(false);
    } catch (error) {
      if (signal.aborted) throw error;
      failed.push(collection);
    }
  }
  report(true);
}
