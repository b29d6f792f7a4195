import { spawnSync } from "node:child_process";

/**
 * `npm run audit`: prints the known vulnerabilities of the packages in the lock files. Fails for those that are not explained here,
 * but not where the registry has no list of them, as mirrors have not.
 */

/** Why an advisory does not concern this project, by its address or the name of the package. */
const EXPLAINED: Readonly<Record<string, string>> = {};

const FOLDERS = [".", "test/bundlers", "test/release"];

interface Report {
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      { readonly severity: string; readonly via: readonly (string | { url: string; title: string })[] }
    >
  >;
}

let unexplained = 0;
for (const folder of FOLDERS) {
  const args = ["audit", "--json", "--package-lock-only"];
  const { stdout } = spawnSync("npm", args, { cwd: folder, encoding: "utf8", maxBuffer: 64 << 20 });
  const { vulnerabilities }: Report = parsed(stdout);
  if (vulnerabilities === undefined) {
    console.log(
      `${folder}: not audited, since the registry that npm is configured for has no list of vulnerabilities`,
    );
    continue;
  }
  const found = Object.entries(vulnerabilities).flatMap(([name, { severity, via }]) =>
    via.flatMap((one) => (typeof one === "string" ? [] : [{ name, severity, ...one }])),
  );
  for (const { name, severity, url, title } of found) {
    const why = EXPLAINED[url] ?? EXPLAINED[name];
    if (why === undefined) unexplained++;
    console.log(`${folder}: ${name}, ${severity}: ${title} (${url})${why === undefined ? "" : `. ${why}`}`);
  }
  if (found.length === 0) console.log(`${folder}: no known vulnerabilities`);
}
if (unexplained > 0) {
  console.error(`${unexplained} of them are not explained in scripts/audit.ts`);
  process.exitCode = 1;
}

function parsed(text: string): Report {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
