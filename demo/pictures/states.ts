import type { Page } from "@playwright/test";

/** A state of the explorer that has a picture in docs/pictures. */
export interface PictureState {
  /** Name of the file, without its extension. */
  readonly name: string;
  readonly caption: string;
  /** What follows the address of the page: its query, and the hash. */
  readonly address: string;
  readonly size: keyof typeof SIZES;
  readonly scheme: "light" | "dark";
  /** What the user does then. */
  readonly act?: (page: Page) => Promise<void>;
}

export const SIZES = {
  desktop: { width: 1280, height: 800 },
  /** Shows two panels to the end of their axis. */
  tall: { width: 1280, height: 960 },
  /** Shows a chart, and a list below it. */
  long: { width: 1280, height: 1200 },
  phone: { width: 390, height: 844 },
  frame: { width: 640, height: 600 },
} as const;

const WEATHER = [
  "Tag;Temperatur;Regen;Station",
  ...[1, 2, 3, 4, 5, 6].map((day) => `0${day}.03.2026;${8 + day},5;0,${day};Köln`),
];

export const PICTURES: readonly PictureState[] = [
  {
    name: "history",
    caption: "An earlier state beside the current one, and what has changed since",
    address: "#/co2",
    size: "long",
    scheme: "light",
    async act(page) {
      await page.locator("#moment:enabled").waitFor();
      await page.locator("#moment").fill("2");
      await page.locator("#moment").dispatchEvent("change");
      await page.locator("#changes-summary").filter({ hasText: /\d/ }).waitFor();
      await page.locator("#main:not([aria-busy])").waitFor();
    },
  },
  {
    name: "explorer",
    caption: "Three million flights, drawn as daily means",
    address: "#/flights",
    size: "tall",
    scheme: "light",
  },
  {
    name: "compare",
    caption: "Several series in one chart",
    address: "#/stocks/AAPL,GOOG,IBM",
    size: "desktop",
    scheme: "dark",
  },
  {
    name: "panels",
    caption: "Columns of different units have panels of their own",
    address: "#/weather%20daily/Seattle/2014..2014?columns=precipitation,temp_max,temp_min",
    size: "tall",
    scheme: "light",
  },
  {
    name: "table",
    caption: "A table that scrolls through all rows, sorted by a column",
    address: "#/co2",
    size: "desktop",
    scheme: "light",
    async act(page) {
      await page.locator("#table-title").click();
      const header = page.locator("#rows-table").getByRole("button", { name: "co2" });
      await header.click();
      await page.getByText("Sorted by co2, lowest first.").waitFor();
      await header.click();
      await page.getByText("Sorted by co2, highest first.").waitFor();
      // Nothing of the chart: only its end would be seen.
      await page.locator("#downloads").evaluate((element) => element.scrollIntoView());
    },
  },
  {
    name: "file",
    caption: "A file with decimal commas, as it will be stored",
    address: "#/co2",
    size: "desktop",
    scheme: "dark",
    async act(page) {
      const buffer = Buffer.from(`${WEATHER.join("\n")}\n`);
      await page.locator("#file-input").setInputFiles({ name: "Wetter.csv", mimeType: "text/csv", buffer });
      await page.locator("#file-body tr").nth(4).waitFor();
    },
  },
  {
    name: "search",
    caption: "The search finds titles and tags, too",
    address: "#/stocks/IBM",
    size: "desktop",
    scheme: "light",
    async act(page) {
      await page.locator("#search").fill("software");
      await page.locator("#series mark").nth(3).waitFor();
      await page
        .locator("#series-more")
        .filter({ hasText: / found among \d+\.$/ })
        .waitFor();
    },
  },
  {
    name: "phone",
    caption: "On a phone the chart comes first",
    address: "#/co2",
    size: "phone",
    scheme: "light",
  },
  {
    name: "embed",
    caption: "A chart in a frame of another page",
    address: "?embed#/weather%20daily/Seattle/2014..2014?columns=temp_max,temp_min",
    size: "frame",
    scheme: "dark",
  },
];
