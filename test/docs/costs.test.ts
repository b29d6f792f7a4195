import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withCosts } from "../../scripts/costs.ts";
import { ROOT } from "./snippets.ts";

test("docs/why.md has the costs that scripts/costs.ts computes", () => {
  const text = readFileSync(`${ROOT}docs/why.md`, "utf8");
  expect(text).toBe(withCosts(text));
});
