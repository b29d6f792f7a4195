import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openRepo } from "lakota/node";
import { describe, expect, it } from "vitest";
import { compareWithGolden } from "./golden.ts";
import { ideal } from "./ideal.ts";

const folder = fileURLToPath(new URL("../golden/", import.meta.url));
const names = readdirSync(folder).filter((name) => !name.includes("."));
const golden = (name: string) => JSON.parse(readFileSync(`${folder}${name}.expected.json`, "utf8"));

describe("repositories written by Python Lakota 0.7.1", () => {
  it.each(names)("%s reads as expected", async (name) => {
    const repo = await openRepo(`${folder}${name}`);
    const { frames, differences } = await compareWithGolden(repo, ideal({ ...golden(name), name }, golden));
    expect(differences).toEqual([]);
    expect(frames).toBeGreaterThan(0);
  });

  it("refuses by name the codecs that a browser lacks", async () => {
    const repo = await openRepo(`${folder}d_dtypes`);
    const series = (await repo.collection("codecs")).series("n6");
    for (const [column, codec] of [
      ["f_bz2", "bz2"],
      ["f4_lzma", "lzma"],
      ["f_b64", "base64"],
    ] as const) {
      await expect(series.read({ columns: [column] })).rejects.toMatchObject({
        code: "unsupported-codec",
        message: expect.stringMatching(new RegExp(`"${column}".*${codec}`)),
      });
    }
  });
});
