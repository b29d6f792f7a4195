import { openRepo, Schema } from "lakota/node";
import { beforeAll, expect, test } from "vitest";
import { EMPTY_SETTINGS } from "../../demo/connection/settings.ts";
import {
  type OpenCollection,
  type Page,
  PageState,
  type Shown,
  titleOf,
} from "../../demo/state/page-state.ts";
import { nothing } from "../../demo/state/problem.ts";
import { freshTarget, NO_TARGET } from "../../demo/state/target.ts";

let stocks: OpenCollection;
let weather: OpenCollection;

beforeAll(async () => {
  const repo = await openRepo("memory://");
  const schema = new Schema({ day: "date*", value: "float" });
  const open = async (label: string, labels: string[]) => ({
    collection: await repo.createCollection(schema, label),
    labels,
    info: {},
  });
  stocks = await open("stocks", ["AAPL", "IBM"]);
  weather = await open("weather", ["Ghent"]);
});

const shownOf = ({ collection }: OpenCollection, ...labels: string[]): Shown => ({
  series: labels.map((label) => collection.series(label)),
  info: {},
  columns: ["day", "value"],
  span: undefined,
  keys: undefined,
  where: undefined,
  resample: undefined,
  zone: "UTC",
  chart: undefined,
  rows: 3,
  range: undefined,
});

/** A page that shows AAPL, with all the states that it has been in. */
function showingApple() {
  const pages: Page[] = [];
  const state = new PageState((page) => pages.push(page));
  state.connecting({ ...EMPTY_SETTINGS, uri: "s3://b" }, NO_TARGET);
  state.connected(["stocks", "weather"]);
  state.begin();
  state.aimAt(freshTarget("stocks", ["AAPL"]));
  state.opened(stocks);
  state.show(shownOf(stocks, "AAPL"));
  state.end();
  return { state, pages };
}

test("what is open and what is shown belong to what is asked for, at every moment", () => {
  const { state, pages } = showingApple();
  state.begin();
  state.aimAt(freshTarget("weather"));
  state.opened(weather);
  state.aimAt(freshTarget("weather", ["Ghent"]));
  state.show(shownOf(weather, "Ghent"));
  state.end();
  for (const { open, shown, target } of pages) {
    if (open) expect(open.collection.label).toBe(target.collection);
    if (shown) expect(shown.series.map(({ label }) => label)).toEqual(target.series);
  }
});

test("while another collection is opened, and after that has failed, nothing of the former one stays", () => {
  const { state } = showingApple();
  state.begin();
  state.aimAt(freshTarget("weather"));
  expect(state.page).toMatchObject({ open: undefined, shown: undefined });
  state.fail(nothing("You are offline", ""));
  state.end();
  expect(state.page).toMatchObject({ open: undefined, shown: undefined, busy: false });
  expect(state.page.problem).toMatchObject({ title: "You are offline" });
  expect(titleOf(state.page)).toBe("weather");
});

test("a collection other than the one asked for cannot be opened", () => {
  const { state } = showingApple();
  state.aimAt(freshTarget("weather"));
  expect(() => state.opened(stocks)).toThrow('"stocks" was opened');
});

test("while another range of the same series is read, the series stay shown; while other series are, they do not", () => {
  const { state } = showingApple();
  const { target } = state.page;
  state.aimAt({ ...target, range: { kind: "last", count: 7, unit: "d" } });
  expect(state.page.shown).toBeDefined();
  state.aimAt({ ...target, series: ["AAPL", "IBM"] });
  expect(state.page.shown).toBeUndefined();
  expect(state.page.open).toBe(stocks);
});

test("a new connection drops everything, and its failure shows", () => {
  const { state } = showingApple();
  state.connecting({ ...EMPTY_SETTINGS, uri: "s3://c" }, NO_TARGET);
  expect(state.page).toMatchObject({
    open: undefined,
    shown: undefined,
    collections: [],
    connection: "opening",
  });
  state.fail(nothing("No response", ""));
  expect(state.page.connection).toBe("failed");
  expect(titleOf(state.page)).toBe("Not connected");
});

test("a new request drops the problem of the last one", () => {
  const { state } = showingApple();
  state.fail(nothing("No rows", ""));
  state.begin();
  expect(state.page.problem).toBeUndefined();
});

test("the title names few series, and counts many", () => {
  const { state } = showingApple();
  state.aimAt(freshTarget("stocks", ["AAPL", "IBM", "MSFT"]));
  expect(titleOf(state.page)).toBe("AAPL, IBM, MSFT");
  state.aimAt(freshTarget("stocks", ["AAPL", "IBM", "MSFT", "GOOG", "AMZN"]));
  expect(titleOf(state.page)).toBe("AAPL and 4 more");
});
