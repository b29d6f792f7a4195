import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What three typical uses cost a month on S3. Writes the table in docs/why.md (`npx tsx scripts/costs.ts`). */
const FILE = "docs/why.md";
const [BEGIN, END] = ["<!-- costs -->", "<!-- end of costs -->"];

/** US dollars, S3 Standard in us-east-1, from https://aws.amazon.com/s3/pricing/ on 2026-11-29. */
const PRICES = {
  /** Of 1,000 PUT, COPY, POST or LIST requests. DELETE is free. */
  putsAndLists: 0.005,
  /** Of 1,000 GET and other requests. */
  gets: 0.0004,
  /** Of a GB stored for a month. */
  storage: 0.023,
  /** Of a GB sent to the internet. The first 100 GB a month of an account are free, which is left out here. */
  traffic: 0.09,
};

/** Requests to the store, and MB that it sends. */
interface Work {
  readonly lists?: number;
  readonly gets?: number;
  readonly puts?: number;
  readonly mb?: number;
}

/** As measured: docs/performance.md. */
const MEASURED = {
  /** First visits, published with overviews: two listings, the index, an overview, and the last rows. */
  firstPicture: { lists: 2, gets: 3, mb: 0.17 },
  /** Last rows after a reload. */
  reload: { lists: 2, gets: 1, mb: 0.01 },
  /** A look for changes that finds none, and the new revision where it finds one: long histories. */
  look: { lists: 1 },
  newRevision: { gets: 1, mb: 0.01 },
  /** A listing and the file; the index of a published repo takes two more. */
  commit: { lists: 1, puts: 1 },
  publishedCommit: { lists: 1, puts: 3 },
  /** All rows of 5,259,457: 29 requests, two of them listings. */
  allRows: { lists: 2, gets: 27, mb: 29.63 },
} satisfies Record<string, Work>;

interface Use {
  readonly name: string;
  /** What happens in a month. */
  readonly about: string;
  readonly storedGb: number;
  /** How often each kind of work is done in a month. */
  readonly work: readonly (readonly [times: number, work: Work])[];
}

const LOOKS_A_MONTH = (22 * 8 * 3_600) / 5;
const MINUTES_A_MONTH = 30 * 24 * 60;
const COMMITS_WHILE_OPEN = 22 * 8 * 60;

const USES: readonly Use[] = [
  {
    name: "Public chart",
    about: "5 million rows, 10,000 first visits, 10,000 returning ones, one write per day",
    storedGb: 0.03,
    work: [
      [10_000, MEASURED.firstPicture],
      [10_000, MEASURED.reload],
      [30, MEASURED.publishedCommit],
    ],
  },
  {
    name: "Live dashboard",
    about:
      "one commit per minute, 20 pages that are open for 8 hours on 22 days, a check for changes every 5 seconds",
    storedGb: 1,
    work: [
      [MINUTES_A_MONTH, MEASURED.publishedCommit],
      [20 * LOOKS_A_MONTH, MEASURED.look],
      [20 * COMMITS_WHILE_OPEN, MEASURED.newRevision],
    ],
  },
  {
    name: "Field tool",
    about: "50 devices that each fetch 30 MB once, are opened 30 times, and write 100 times",
    storedGb: 0.5,
    work: [
      [50, MEASURED.allRows],
      [50 * 30, MEASURED.reload],
      [50 * 100, MEASURED.commit],
    ],
  },
];

/** Returns the uses and the table of their costs, in Markdown. */
export function costsTable(): string {
  const rows = USES.map(({ name, storedGb, work }) => {
    const sum = (of: (work: Work) => number | undefined) =>
      work.reduce((total, [times, each]) => total + times * (of(each) ?? 0), 0);
    const [writes, gets, gb] = [
      sum(({ lists = 0, puts = 0 }) => lists + puts),
      sum((w) => w.gets),
      sum((w) => w.mb) / 1_000,
    ];
    const requests = (writes * PRICES.putsAndLists + gets * PRICES.gets) / 1_000;
    const [storage, traffic] = [storedGb * PRICES.storage, gb * PRICES.traffic];
    const dollars = [requests, storage, traffic, requests + storage + traffic].map((value) =>
      value.toFixed(2),
    );
    return [name, count(writes), count(gets), gb.toFixed(1), ...dollars];
  });
  const head = [
    "per month",
    "PUT, LIST",
    "GET",
    "GB sent",
    "requests $",
    "storage $",
    "traffic $",
    "total $",
  ];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const list = USES.map(({ name, about }) => `- **${name}**: ${about}.`);
  return [...list, "", ...table].join("\n");
}

const count = (value: number) => Math.round(value).toLocaleString("en-US");

/** Returns the document with the current table. */
export function withCosts(text: string): string {
  const [before = "", rest = ""] = text.split(BEGIN);
  const [, after = ""] = rest.split(END);
  return `${before}${BEGIN}\n\n${costsTable()}\n\n${END}${after}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(FILE, withCosts(readFileSync(FILE, "utf8")));
}
