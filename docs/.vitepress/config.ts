import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DefaultTheme, defineConfig } from "vitepress";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** Returns the pages of a folder with their titles. */
function pagesIn(folder: string): DefaultTheme.SidebarItem[] {
  return readdirSync(DOCS + folder)
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .map((name) => {
      const [, title] = /^# (.*)$/m.exec(readFileSync(`${DOCS}${folder}/${name}`, "utf8")) ?? [];
      return { text: (title ?? name).replaceAll("`", ""), link: `/${folder}/${name.replace(/\.md$/, "")}` };
    });
}

const background: DefaultTheme.SidebarItem[] = [
  { text: "Architecture", link: "/architecture" },
  { text: "Format", link: "/format" },
  { text: "Decisions", link: "/decisions/" },
  { text: "Performance", link: "/performance" },
  { text: "Reliability", link: "/reliability" },
  { text: "Security", link: "/security" },
  { text: "Contributing", link: "/contributing" },
];

/** The site (`npm run site`). scripts/site-pages.ts collects its pages. */
export default defineConfig({
  title: "Lakota",
  description: "Git-like versioned time series straight on S3, read and written from a Web Worker",
  srcDir: "../.cache/site/pages",
  outDir: "../.cache/site/dist",
  cacheDir: "../.cache/site/cache",
  cleanUrls: true,
  markdown: {
    anchor: {
      // As GitHub makes anchors, which is where the pages are read, too.
      slugify: (title) =>
        title
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
          .replaceAll(" ", "-"),
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "First hour", link: "/first-hour" },
      { text: "Concepts", link: "/concepts" },
      { text: "Tasks", link: "/tasks/live-dashboard", activeMatch: "/tasks/" },
      { text: "API", link: "/api/", activeMatch: "/api/" },
      { text: "Command", link: "/cli" },
      { text: "Troubleshooting", link: "/troubleshooting" },
      { text: "Why", link: "/why" },
      { text: "Background", items: background as DefaultTheme.NavItemWithLink[] },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "Overview", link: "/" },
          { text: "First hour", link: "/first-hour" },
          { text: "Concepts", link: "/concepts" },
          { text: "Why, and when not", link: "/why" },
          { text: "Examples", link: "/examples" },
        ],
      },
      { text: "Tasks", items: pagesIn("tasks") },
      {
        text: "Reference",
        items: [
          { text: "Guide", link: "/guide" },
          { text: "API", link: "/api/", collapsed: true, items: pagesIn("api") },
          { text: "Command", link: "/cli" },
          { text: "Charts", link: "/charts" },
          { text: "Import and export", link: "/interchange" },
          { text: "Hosting", link: "/hosting" },
          { text: "Troubleshooting", link: "/troubleshooting" },
        ],
      },
      { text: "Background", collapsed: true, items: background },
    ],
  },
});
