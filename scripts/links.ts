import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";

/** Path of a page → its text. */
export type Pages = ReadonlyMap<string, string>;

/** Removes comments and fenced blocks, in which there are neither links nor headings. */
const withoutCode = (text: string) =>
  text.replace(/<!--[\s\S]*?-->/g, "").replace(/^( *)(```+|~~~+)[\s\S]*?^ *\2.*$/gm, "");
const withoutCodeSpans = (text: string) => text.replace(/(`+)[\s\S]*?\1/g, "``");

/** A heading of a page, and the anchor that GitHub gives it. */
export interface Heading {
  readonly level: number;
  readonly title: string;
  readonly anchor: string;
}

export function headingsOf(text: string): Heading[] {
  const counts = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^ {0,3}(#{1,6}) +(.+?)[ #]*$/gm)].map(([, marks, title]) => {
    const plain = title!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return { level: marks!.length, title: plain, anchor: count === 0 ? slug : `${slug}-${count}` };
  });
}

/** Anchors of a page: those of its headings, and of elements with an id. */
export function anchorsOf(text: string): Set<string> {
  const ids = [...text.matchAll(/<[a-z]+ [^>]*\b(?:id|name)="([^"]+)"/g)].map(([, id]) => id!);
  return new Set([...ids, ...headingsOf(text).map(({ anchor }) => anchor)]);
}

/** Targets of the links and images of a page, in text order. */
export function linksOf(text: string): string[] {
  const inline = /\]\(\s*(?:<([^>]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))(?:\s+"[^"]*")?\s*\)/;
  const definition = /^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)>?/;
  const attribute = /<(?:a|img|source)\s[^>]*?\b(?:href|src)="([^"]*)"/;
  const any = new RegExp([inline, definition, attribute].map(({ source }) => source).join("|"), "gm");
  return [...withoutCodeSpans(withoutCode(text)).matchAll(any)].map(
    ([, ...targets]) => targets.find((target) => target !== undefined) ?? "",
  );
}

const isExternal = (link: string) => /^([a-z][a-z+.-]*:|\/\/)/i.test(link);

/** The links of the pages that lead to another file of the project. */
export function checkLinks(
  pages: Pages,
  exists: (path: string) => boolean,
): { count: number; broken: string[] } {
  const broken: string[] = [];
  let count = 0;
  for (const [page, text] of pages) {
    for (const link of linksOf(text)) {
      if (isExternal(link)) continue;
      count += 1;
      const [target = "", anchor] = link.split("#").map(decodeURIComponent);
      const path = target === "" ? page : posix.join(posix.dirname(page), target);
      if (path.startsWith("..") || !(pages.has(path) || exists(path))) {
        broken.push(`${page} links to ${link}, but there is no file ${path}`);
      } else if (anchor !== undefined && pages.has(path) && !anchorsOf(pages.get(path)!).has(anchor)) {
        broken.push(`${page} links to ${link}, but no heading of ${path} has the anchor #${anchor}`);
      }
    }
  }
  return { count, broken };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const list = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard", "*.md"], {
    encoding: "utf8",
  });
  const paths = list.split("\0").filter((path) => path !== "" && existsSync(path));
  const pages = new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
  const { count, broken } = checkLinks(pages, existsSync);
  for (const line of broken) console.error(line);
  console.log(`links: ${count} in ${pages.size} pages, ${broken.length} broken`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
