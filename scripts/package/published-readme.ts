import { posix } from "node:path";
import type { PublishInfo } from "./publish-info.ts";

/** A link or a picture in Markdown. */
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;

/**
 * Returns a README as it is published. A reader of it has no checkout: links to files become addresses of the repository, and
 * plain text while that has none.
 *
 * @param folder of the README in the repository, which its links start from
 */
export function publishedReadme(
  text: string,
  { folder, version, info }: { folder: string; version: string; info: Pick<PublishInfo, "file" | "raw"> },
): string {
  return text.replaceAll(LINK, (link: string, bang: string, words: string, target: string) => {
    if (/^(?:[a-z][a-z+.-]*:|#)/i.test(target)) return link;
    const [path = "", anchor] = target.split("#");
    const template = bang ? info.raw : info.file;
    if (template === "") return bang ? "" : words;
    const address = template
      .replaceAll("{version}", version)
      .replaceAll("{path}", posix.join(folder, path).replace(/\/$/, ""));
    return `${bang}[${words}](${address}${anchor === undefined ? "" : `#${anchor}`})`;
  });
}
