import { chromium } from "@playwright/test";
import { chromiumPath } from "../../scripts/chromium.ts";
import type { Browser } from "./tab.ts";

export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"],
  });
  return {
    name: `Chromium ${browser.version().split(".")[0]}`,
    async newTab() {
      const context = await browser.newContext();
      const page = await context.newPage();
      const messages: string[] = [];
      page.on("pageerror", (error) => messages.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") messages.push(message.text());
      });
      return {
        messages,
        goto: async (url) => void (await page.goto(url)),
        evaluate: (body) => page.evaluate(`(async () => { ${body} })()`),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
