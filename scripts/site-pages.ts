import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { filesUnder } from "./files.ts";

/** Collects the pages of the site, for VitePress (docs/.vitepress/config.ts). */
const SITE = ".cache/site/pages";

/** Pages outside of docs/, and their paths in the site. */
const OTHERS: Readonly<Record<string, string>> = {
  "README.md": "index.md",
  "docs/README.md": "contents.md",
  "CONTRIBUTING.md": "contributing.md",
  "SECURITY.md": "security.md",
  "CHANGELOG.md": "changelog.md",
  "bench/README.md": "benchmarks.md",
  "demo/README.md": "explorer.md",
  "examples/README.md": "examples.md",
  "examples/gallery/README.md": "gallery.md",
};

const inDocs = filesUnder("docs", ".md").filter((path) => !path.startsWith("docs/api-report/"));
const pages = new Map([
  ...inDocs.map((path) => [path, path.slice("docs/".length).replace(/README\.md$/, "index.md")] as const),
  ...Object.entries(OTHERS),
]);

const IMAGE = /\.(png|svg|gif)$/;
const images = new Set<string>();

/** Returns a link of the site; undefined for what it does not have, such as source files. */
function linkInSite(link: string, page: string, sitePage: string): string | undefined {
  if (/^([a-z]+:|#)/.test(link)) return link;
  const [target = "", anchor] = link.split("#");
  const path = posix.join(posix.dirname(page), target);
  if (IMAGE.test(path)) images.add(path);
  const inSite = IMAGE.test(path) ? path : (pages.get(path) ?? pages.get(posix.join(path, "README.md")));
  if (inSite === undefined) return undefined;
  const relative = posix.relative(posix.dirname(sitePage), inSite);
  return `${relative.startsWith(".") ? "" : "./"}${relative}${anchor ? `#${anchor}` : ""}`;
}

/** Languages that VitePress knows. */
const fence = (block: string): string =>
  block.replace(/^( *```+\w+) page$/m, "$1").replace(/^( *```+)hex\b.*$/m, "$1txt");

/** What only the site shows is in comments: `<!-- site … -->`. What it does not show is between two. */
const ofSite = (text: string): string =>
  text
    .replace(/<!-- elsewhere -->[\s\S]*?<!-- \/elsewhere -->\n/g, "")
    .replace(/<!-- site\n([\s\S]*?)-->/g, "$1");

function convert(text: string, page: string, sitePage: string): string {
  const fences = /^( *)(```+)[\s\S]*?^ *\2.*$/gm;
  const rewrite = (part: string): string =>
    part.replace(
      /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g,
      (_, mark: string, label: string, link: string) => {
        const inner = label.includes("](") ? rewrite(label) : label;
        const inSite = linkInSite(link, page, sitePage);
        return inSite === undefined ? inner : `${mark}[${inner}](${inSite})`;
      },
    );
  let converted = "";
  let from = 0;
  for (const match of text.matchAll(fences)) {
    converted += rewrite(text.slice(from, match.index)) + fence(match[0]);
    from = match.index + match[0].length;
  }
  return converted + rewrite(text.slice(from));
}

export function writePages(): void {
  rmSync(SITE, { recursive: true, force: true });
  for (const [page, sitePage] of pages) {
    const path = `${SITE}/${sitePage}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, convert(ofSite(readFileSync(page, "utf8")), page, sitePage));
  }
  for (const image of images) {
    mkdirSync(dirname(`${SITE}/${image}`), { recursive: true });
    copyFileSync(image, `${SITE}/${image}`);
  }
}
