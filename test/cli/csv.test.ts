import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { writeCsv } from "../../src/interchange/csv/write-csv.ts";
import { typeTexts } from "../../src/interchange/table/infer-schema.ts";
import { frames, TYPES } from "../interchange/arbitrary.ts";
import { collect } from "../interchange/helpers.ts";
import { type Shell, shells } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await newShell();
});

test("CSV of every type is read back byte for byte", async () => {
  let collections = 0;
  const rows = fc.constantFrom(...TYPES).chain((type) => frames(type));
  await fc.assert(
    fc.asyncProperty(rows, async ({ schema, frame }) => {
      const label = `c${collections++}`;
      await shell.ok([
        "create",
        label,
        ...Object.entries(typeTexts(schema)).map(([name, type]) => `${name} ${type}`),
      ]);
      const input = (await collect(writeCsv(frame))).join("");
      await shell.ok(["write", `${label}/s`], { input });
      if (frame.length > 0) expect(await shell.ok(["read", `${label}/s`])).toBe(input);
    }),
    { numRuns: 12 },
  );
});
