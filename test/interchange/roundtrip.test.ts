import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromArrow, toArrow } from "../../src/arrow.ts";
import { fromRows, readCsv, readParquet, toRows, writeCsv, writeParquet } from "../../src/interchange.ts";
import type { Frame } from "../../src/model/frame.ts";
import type { Schema } from "../../src/model/schema.ts";
import { frames, plain, TYPES } from "./arbitrary.ts";
import { bytesOf, collect, readAll } from "./helpers.ts";

/** A round trip through each form, with the schema where the form does not carry types. */
const FORMS: Record<string, (frame: Frame, schema: Schema) => Promise<Frame>> = {
  async csv(frame, schema) {
    const text = (await collect(writeCsv(frame))).join("");
    return readAll(await readCsv(text, { schema }));
  },
  async "csv with other separators"(frame, schema) {
    const options = { delimiter: ";", decimal: ",", newline: "\r\n", mark: true } as const;
    const text = (await collect(writeCsv(frame, { ...options, newline: "\r\n" }))).join("");
    return readAll(await readCsv(text, { schema, delimiter: ";", decimal: "," }));
  },
  async "csv in a time zone"(frame, schema) {
    const text = (await collect(writeCsv(frame, { timeZone: "America/St_Johns" }))).join("");
    return readAll(await readCsv(text, { schema, timeZone: "Asia/Tokyo" }));
  },
  async parquet(frame) {
    return readAll(await readParquet(await bytesOf(writeParquet(frame)), { index: ["row"] }));
  },
  async arrow(frame) {
    return fromArrow(toArrow(frame), { index: ["row"] }).frame;
  },
  async rows(frame, schema) {
    return fromRows(toRows(frame), { schema }).frame;
  },
};

describe.each(Object.entries(FORMS))("%s", (_, through) => {
  test.each(TYPES)("%s", async (type) => {
    await fc.assert(
      fc.asyncProperty(frames(type), async ({ schema, frame }) => {
        expect(plain(await through(frame, schema))).toEqual(plain(frame));
      }),
      { numRuns: 40 },
    );
  });
});
