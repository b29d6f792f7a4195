import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DefaultTheme, defineConfig } from "vitepress";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** Returns the pages of a folder with their titles, in the order in which a document links to them. */
function pagesIn(folder: string, document: string): DefaultTheme.SidebarItem[] {
  const links = readFileSync(DOCS + document, "utf8").matchAll(/\]\((?:tasks\/)?([\w-]+)\.md\)/g);
  return [...links]
    .map(([, name]) => `${folder}/${name}`)
    .filter((page) => existsSync(`${DOCS}${page}.md`))
    .map((page) => {
      const [, title = page] = /^# (.*)$/m.exec(readFileSync(`${DOCS}${page}.md`, "utf8")) ?? [];
      return { text: title.replaceAll("`", ""), link: `/${page}` };
    });
}

const background: DefaultTheme.SidebarItem[] = [
  { text: "Architecture", link: "/architecture" },
  { text: "Format", link: "/format" },
  { text: "Decisions", link: "/decisions/" },
  { text: "Performance", link: "/performance" },
  { text: "Reliability", link: "/reliability" },
  { text: "What was tested", link: "/tested" },
  { text: "Security", link: "/security" },
  { text: "Contributing", link: "/contributing" },
];

/** The site (`npm run site`). scripts/site.ts collects its pages, and builds it. */
export default defineConfig({
  title: "Lakota",
  description: "Git-like versioned time series straight on S3, read and written from a Web Worker",
  srcDir: "../.cache/site/pages",
  srcExclude: ["public/**"], // files to copy, among them Markdown
  outDir: "../.cache/site/dist",
  cacheDir: "../.cache/site/cache",
  appearance: "force-auto", // the drawings follow the system, too
  // Markdown has no tables without a head: an empty one is not shown.
  head: [["style", {}, ".vp-doc thead:not(:has(th:not(:empty))) { display: none }"]],
  transformHead: ({ siteData }) => [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${siteData.base}try/icon.svg` }],
  ],
  vite: { build: { chunkSizeWarningLimit: 2_000 } }, // the search index
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
    search: {
      provider: "local",
      options: {
        // To highlight code takes most of the time, and is not searched for.
        _render: (text, env, markdown) =>
          markdown.renderer.render(markdown.parse(text, env), { ...markdown.options, highlight: null }, env),
      },
    },
    outline: [2, 3],
    nav: [
      { text: "Try it", link: "/try-it" },
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
          { text: "Try it", link: "/try-it" },
          { text: "First hour", link: "/first-hour" },
          { text: "Concepts", link: "/concepts" },
          { text: "Why, and when not", link: "/why" },
          { text: "Examples", link: "/examples" },
        ],
      },
      { text: "Tasks", items: pagesIn("tasks", "README.md") },
      {
        text: "Reference",
        items: [
          { text: "Guide", link: "/guide" },
          { text: "API", link: "/api/", collapsed: true, items: pagesIn("api", "api/README.md") },
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
