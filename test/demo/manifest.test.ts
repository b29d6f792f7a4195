import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MANIFEST } from "../../demo/manifest.ts";

const fileOf = (path: string) => readFileSync(new URL(`../../demo/public/${path}`, import.meta.url));

/** Width and height of a PNG file. */
function sizeOf(png: Buffer): string {
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

describe("the manifest of the explorer", () => {
  test("has what browsers ask for before they install a page", () => {
    const { id, name, short_name, start_url, scope, display, description, lang } = MANIFEST;
    for (const text of [id, name, short_name, start_url, scope, display, description, lang])
      expect(text).toBeTruthy();
    expect(short_name!.length).toBeLessThanOrEqual(12);
    expect(MANIFEST.theme_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(MANIFEST.background_color).toMatch(/^#[0-9a-f]{6}$/);
  });

  test("has icons of the usual sizes, also for launchers that cut them", () => {
    for (const purpose of ["any", "maskable"]) {
      const sizes = MANIFEST.icons!.filter((icon) => icon.purpose === purpose).map((icon) => icon.sizes);
      expect(sizes).toEqual(expect.arrayContaining(["192x192", "512x512"]));
    }
  });

  test("has screenshots for desktop and phone", () => {
    expect(MANIFEST.screenshots!.map((shot) => shot.form_factor)).toEqual(["wide", "narrow"]);
  });

  const pictures = [
    ...MANIFEST.icons!,
    ...MANIFEST.screenshots!,
    ...MANIFEST.shortcuts!.flatMap(({ icons = [] }) => icons),
  ].filter(({ type }) => type === "image/png");

  test.each(pictures)("$src is a PNG file of $sizes", ({ src, sizes }) => {
    expect(sizeOf(fileOf(src))).toBe(sizes);
  });

  test("the page has the background in both colour schemes", () => {
    const page = fileOf("../index.html").toString();
    const css = fileOf("../style/base.css").toString();
    const [, light, dark] = /--paper: light-dark\((#\w+), (#\w+)\)/.exec(css)!;
    expect(page).toContain(`name="theme-color" media="(prefers-color-scheme: light)" content="${light}"`);
    expect(page).toContain(`name="theme-color" media="(prefers-color-scheme: dark)" content="${dark}"`);
    expect(MANIFEST.background_color).toBe(light);
  });
});
