import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, expectRows, SIZES, withDemo } from "./demo-tools.ts";

/** The explorer in two sizes, each in another colour scheme, and by keyboard. */
const demo = withDemo({ collections: ["co2", "stocks"] });

/** What can be focused and is seen. */
const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']";

/** Marks the controls that can be used, and returns their number. */
const markControls = (page: Page): Promise<number> =>
  page.evaluate((selector) => {
    const controls = [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        element.tabIndex >= 0 &&
        !element.matches(":disabled, [inert] *"),
    );
    for (const control of controls) control.dataset.unreached = "";
    return controls.length;
  }, CONTROLS);

for (const [name, options] of Object.entries(SIZES))
  test.describe(name, () => {
    test.use(options);

    test("has no serious barrier", async ({ page }) => {
      await page.goto(`${demo.url}#/co2`);
      await expectRows(page, "741");
      await expect(page.locator("#moment")).toBeEnabled();
      await page.locator("#moment").fill("2");
      await page.locator("#moment").dispatchEvent("change");
      await expect(page.locator("#changes-summary")).toContainText("added");
      for (const part of ["Rows as a table", "Statistics of what is in view"])
        await page.getByText(part, { exact: true }).click();
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.locator("#connection").click();
      await expect(page.locator("dialog[open]")).toBeVisible();
      await expectAccessible(page);
    });
  });

test("Tab reaches every control", async ({ page }) => {
  await page.goto(`${demo.url}#/stocks/AAPL,IBM`);
  await expectRows(page, "246");
  await expect(page.locator("#moment-actions")).toBeVisible();
  const count = await markControls(page);
  expect(count).toBeGreaterThan(30);
  for (let presses = 0; presses < 2 * count; presses++) {
    await page.keyboard.press("Tab");
    const left = await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) delete document.activeElement.dataset.unreached;
      return document.querySelectorAll("[data-unreached]").length;
    });
    if (left === 0) break;
  }
  const unreached = page.locator("[data-unreached]");
  expect(await unreached.evaluateAll((all) => all.map(({ outerHTML }) => outerHTML.slice(0, 120)))).toEqual(
    [],
  );
});
