import { expect, test } from "vitest";
import { matcherOf, type SearchState, searchLabels } from "../../demo/series/search-labels.ts";
import { pagesOf } from "./label-pages.ts";

const labelOf = (i: number) => `site-${i % 40}/sensor-${String(i).padStart(6, "0")}`;
const many = Array.from({ length: 12_000 }, (_, i) => labelOf(i));
const stocks = ["AAPL", "Pear", "sensor maker"];

/** Searches two collections. Returns each state that was reported. */
async function search(query: string, signal = new AbortController().signal) {
  const collections = new Map([
    ["many", pagesOf(many)],
    ["stocks", pagesOf(stocks)],
  ]);
  const states: SearchState[] = [];
  await searchLabels(query, {
    collections: [...collections.keys()],
    open: async (label) => collections.get(label)!,
    onState: (state) => states.push({ ...state, matches: [...state.matches] }),
    signal,
  });
  return states;
}

test("words are looked for in labels and in names of collections, in any case", () => {
  const matches = (query: string, collection: string, label: string) => matcherOf(query)(collection, label);
  expect(matches("aa", "stocks", "AAPL")).toBe(true);
  expect(matches("stocks pl", "stocks", "AAPL")).toBe(true);
  expect(matches("pl  aa", "stocks", "AAPL")).toBe(true);
  expect(matches("aa x", "stocks", "AAPL")).toBe(false);
  // Else a collection's name would find all its series.
  expect(matches("stocks", "stocks", "AAPL")).toBe(false);
});

test("series are found in all collections, each once, while the count grows", async () => {
  const states = await search("sensor-011999");
  expect(states.at(-1)).toEqual({
    matches: [{ collection: "many", label: labelOf(11_999) }],
    found: 1,
    searched: 12_003,
    collections: [],
    failed: [],
    isDone: true,
  });
  expect(states.map(({ searched }) => searched)).toEqual([5_000, 10_000, 12_000, 12_003, 12_003]);
  const both = (await search("sensor")).at(-1)!;
  expect(both.found).toBe(12_001);
  expect(both.matches.length).toBe(1_000);
});

test("labels that begin with the query come first, before others were looked at", async () => {
  const [first, ...others] = await search("site-9/");
  expect(first).toMatchObject({ searched: 0, isDone: false });
  expect(first!.matches.length).toBe(50);
  expect(first!.matches.every(({ label }) => label.startsWith("site-9/"))).toBe(true);
  const { matches, found } = others.at(-1)!;
  expect(found).toBe(300);
  expect(new Set(matches.map(({ label }) => label)).size).toBe(300);
});

test("a search that is cancelled reports nothing more", async () => {
  const cancelling = new AbortController();
  const pages = pagesOf(many);
  const states: SearchState[] = [];
  const work = searchLabels("sensor", {
    collections: ["many"],
    open: async () => pages,
    onState: (state) => {
      states.push(state);
      cancelling.abort();
    },
    signal: cancelling.signal,
  });
  await expect(work).rejects.toThrow(/abort/);
  expect(states.length).toBe(1);
});

test("a collection that cannot be read is named, and the others are searched", async () => {
  const broken = pagesOf(many);
  broken.failure = new Error("It is corrupt.");
  const collections = new Map([
    ["many", broken],
    ["stocks", pagesOf(stocks)],
  ]);
  let last: SearchState | undefined;
  await searchLabels("sensor", {
    collections: [...collections.keys()],
    open: async (label) => collections.get(label)!,
    onState: (state) => {
      last = state;
    },
    signal: new AbortController().signal,
  });
  expect(last).toMatchObject({ failed: ["many"], found: 1, isDone: true });
});
