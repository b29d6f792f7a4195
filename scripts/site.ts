/** `npm run site`: the documentation as a site, with the explorer and a repository in it. */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { publishDemo } from "../demo/publish.ts";
import { writePages } from "./site-pages.ts";
import { writeTested } from "./site-tested.ts";

const { values } = parseArgs({
  options: {
    /** Path of the site on its host. */
    base: { type: "string", default: "/" },
    /** Collections of the demo, divided by commas; all that may be passed on if absent. */
    collections: { type: "string" },
  },
});
if (!/^\/(.*\/)?$/.test(values.base))
  throw new Error(`--base: "${values.base}" does not begin and end with a slash, as in /lakota/.`);

writePages();
writeTested();
await publishDemo(".cache/site/pages/public/try", values.collections?.split(","));
execFileSync("npx", ["vitepress", "build", "docs", "--base", values.base], { stdio: "inherit" });
