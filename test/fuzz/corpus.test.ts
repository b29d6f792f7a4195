import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { targets } from "./targets.ts";

const CORPUS = fileURLToPath(new URL("corpus", import.meta.url));

test("each target has a corpus", () => {
  expect(readdirSync(CORPUS).sort()).toEqual(Object.keys(targets).sort());
});

describe("inputs of the corpus, among them all that once failed", () => {
  test.each(Object.entries(targets))("%s", async (name, target) => {
    for (const file of readdirSync(`${CORPUS}/${name}`)) {
      const bytes = Uint8Array.from(readFileSync(`${CORPUS}/${name}/${file}`));
      try {
        await target(bytes);
      } catch (error) {
        if (!(error instanceof LakotaError)) throw new Error(`${name}/${file}: ${error}`, { cause: error });
      }
    }
  });
});
