import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { writeCsv } from "../../src/interchange/csv/write-csv.ts";
import { typeTexts } from "../../src/interchange/table/infer-schema.ts";
import { frames, TYPES } from "../interchange/arbitrary.ts";
import { all } from "../interchange/tools.ts";
import { type Shell, shells } from "./tools.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await newShell();
});

test("CSV that was written is read again, byte for byte, whatever the type", async () => {
  let made = 0;
  const rows = fc.constantFrom(...TYPES).chain((type) => frames(type));
  await fc.assert(
    fc.asyncProperty(rows, async ({ schema, frame }) => {
      const label = `c${made++}`;
      await shell.ok([
        "create",
        label,
        ...Object.entries(typeTexts(schema)).map(([name, type]) => `${name} ${type}`),
      ]);
      const input = (await all(writeCsv(frame))).join("");
      await shell.ok(["write", `${label}/s`], { input });
      if (frame.length > 0) expect(await shell.ok(["read", `${label}/s`])).toBe(input);
    }),
    { numRuns: 12 },
  );
});
