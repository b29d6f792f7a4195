import { readFileSync } from "node:fs";

/** Where the project is published: publish-info.json is the only place that says so. Empty until it is known. */
export interface PublishInfo {
  /** Address of the Git repository, such as `https://host/owner/name.git`. */
  readonly repository: string;
  /** Address of the site. */
  readonly homepage: string;
  /** Address of the issues. */
  readonly bugs: string;
  /** Address of a file to read, with `{version}` and `{path}`: links of the published READMEs lead there. */
  readonly file: string;
  /** Address of a file's bytes, in the same way: of pictures. */
  readonly raw: string;
}

const PATH = "scripts/package/publish-info.json";

export const readPublishInfo = (): PublishInfo => JSON.parse(readFileSync(PATH, "utf8"));

/** Returns what is wrong with the info; empty if a release can use it. */
export function problemsOf(info: PublishInfo): string[] {
  const problems: string[] = [];
  for (const name of ["repository", "homepage", "bugs", "file", "raw"] as const) {
    const value = info[name];
    if (value === "") problems.push(`${PATH}: "${name}" is empty`);
    else if (!/^https:\/\//.test(value)) problems.push(`${PATH}: "${name}" is no https address: ${value}`);
  }
  for (const name of ["file", "raw"] as const)
    for (const part of ["{version}", "{path}"])
      if (info[name] !== "" && !info[name].includes(part))
        problems.push(`${PATH}: "${name}" lacks ${part}: ${info[name]}`);
  return problems;
}

/** Returns the fields of package.json that name addresses. @param directory of the package in the repository */
export function addressFields({ repository, homepage, bugs }: PublishInfo, directory: string): object {
  return {
    ...(homepage !== "" && { homepage }),
    ...(bugs !== "" && { bugs: { url: bugs } }),
    ...(repository !== "" && {
      repository: { type: "git", url: `git+${repository}`, ...(directory !== "." && { directory }) },
    }),
  };
}
