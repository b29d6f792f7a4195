import puppeteer from "puppeteer-core";
import type { Browser } from "./tab.ts";

const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** Firefox through WebDriver BiDi. */
export async function launchFirefox(): Promise<Browser> {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
  const version = await browser.version(); // as in "firefox/153.8.0"
  return {
    name: `Firefox ${version.split("/").at(-1)?.split(".")[0]}`,
    async newTab() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      const messages: string[] = [];
      page.on("pageerror", (error) => messages.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") messages.push(message.text());
      });
      return {
        messages,
        goto: async (url) => void (await page.goto(url)),
        evaluate: <T>(body: string) => page.evaluate(`(async () => { ${body} })()`) as Promise<T>,
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
