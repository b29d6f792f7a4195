import { expect, test } from "vitest";
import { RecentRepos } from "../../demo/connection/recent-repos.ts";
import { EMPTY_SETTINGS, type Settings } from "../../demo/connection/settings.ts";
import { embedCode, isEmbedded, withEmbed } from "../../demo/page/embed.ts";
import { matchedParts } from "../../demo/series/highlight.ts";
import { isAbout, searchDescriptions } from "../../demo/series/search-descriptions.ts";

test("an address with `embed` keeps all the rest", () => {
  const page = "https://host/app/?uri=s3%3A%2F%2Fa%2Fb&region=x#/co2/Mauna%20Loa?view=1..2";
  const frame = "https://host/app/?embed&uri=s3%3A%2F%2Fa%2Fb&region=x#/co2/Mauna%20Loa?view=1..2";
  expect(withEmbed(page, true)).toBe(frame);
  expect(withEmbed(frame, true)).toBe(frame);
  expect(withEmbed(frame, false)).toBe(page);
  expect(withEmbed("https://host/?embed=1#/a", false)).toBe("https://host/#/a");
  expect([isEmbedded("?embed"), isEmbedded("?uri=a&embed=1"), isEmbedded("?uri=embed")]).toEqual([
    true,
    true,
    false,
  ]);
});

test("the code of a frame is HTML, whatever the title", () => {
  expect(embedCode("https://host/?a=1&b=2#/x", 'A "quoted" <title>')).toBe(
    '<iframe src="https://host/?embed&amp;a=1&amp;b=2#/x" title="A &quot;quoted&quot; &lt;title>" ' +
      'width="100%" height="600" style="border: 0" loading="lazy"></iframe>',
  );
});

/** A storage in memory. */
function storage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (i) => [...items.keys()][i] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

const bucket = (name: string): Settings => ({ ...EMPTY_SETTINGS, uri: `s3://${name}` });

test("recent repositories are kept without secrets, newest first", () => {
  const kept = storage();
  const recent = new RecentRepos(kept);
  const secrets = { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session", token: "token" };
  recent.add({ ...bucket("a"), ...secrets });
  for (const value of Object.values(secrets)) expect(kept.getItem(kept.key(0)!)).not.toContain(`"${value}"`);
  for (const name of ["b", "c", "a"]) recent.add(bucket(name));
  expect(recent.list()).toEqual([bucket("a"), bucket("c"), bucket("b")]);
  recent.remove(bucket("c"));
  expect(recent.list().map(({ uri }) => uri)).toEqual(["s3://a", "s3://b"]);
  for (let i = 0; i < 10; i++) recent.add(bucket(`many-${i}`));
  expect(recent.list()).toHaveLength(6);
});

test("a storage that is damaged, or none, counts as empty", () => {
  const damaged = storage();
  const recent = new RecentRepos(damaged);
  recent.add(bucket("a"));
  damaged.setItem(damaged.key(0)!, "[1,");
  expect(recent.list()).toEqual([]);
  const none = new RecentRepos(undefined);
  none.add(bucket("a"));
  expect(none.list()).toEqual([]);
});

test("what was searched for is marked, in any case", () => {
  const marked = (text: string, words: readonly string[]) =>
    matchedParts(text, words)
      .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
      .join("");
  expect(marked("Retail trade", ["tra", "re"])).toBe("[Re]tail [tra]de");
  expect(marked("a.b", ["."])).toBe("a[.]b");
  expect(marked("plain", [])).toBe("plain");
});

test("descriptions are searched: title, tags, description, and the name of the collection", async () => {
  const described: Readonly<Record<string, { title?: string; description?: string; tags?: string[] }>> = {
    AAPL: { title: "Apple", tags: ["hardware"] },
    IBM: {
      title: "IBM",
      description: `${"A long text. ".repeat(9)}It makes mainframes.`,
      tags: ["hardware"],
    },
  };
  const find = async (query: string) =>
    Object.fromEntries(
      await searchDescriptions(
        query,
        "stocks",
        {
          ls: async ({ text = "" }) =>
            Object.entries(described)
              .filter((entry) => JSON.stringify(entry).toLowerCase().includes(text))
              .map(([label]) => label),
          info: async () => ({ series: described }),
        },
        new AbortController().signal,
      ),
    );
  expect(await find("apple stocks")).toEqual({ AAPL: { title: "Apple" } });
  expect(await find("Hardware")).toEqual({
    AAPL: { title: "Apple", note: "hardware" },
    IBM: { title: "IBM", note: "hardware" },
  });
  expect((await find("mainframes")).IBM!.note).toMatch(/^….*It makes mainframes\.$/);
  expect(await find("stocks")).toEqual({});
  expect(await find("")).toEqual({});
});

test("collections are found by title and description", () => {
  const info = { title: "Air", description: "CO₂ at Mauna Loa" };
  expect([isAbout(info, "mauna AIR"), isAbout(info, "mauna sea"), isAbout({}, "air")]).toEqual([
    true,
    false,
    false,
  ]);
});
