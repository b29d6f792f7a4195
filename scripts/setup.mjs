// Prepares a machine that has only Node: `node scripts/setup.mjs` installs the npm packages, and with the arguments
// `browser`, `webkit`, `firefox`, `python` and `ceph` also Chromium, WebKitGTK, Firefox, Python Lakota and Ceph where they are missing. Plain JavaScript without
// packages, because nothing is installed yet.
import { existsSync, readFileSync, statSync } from "node:fs";
import { setUpCeph } from "./ceph.mjs";
import { setUpFirefox } from "./firefox.mjs";
import { setUpPython } from "./python.mjs";
import { aptInstall, has, isRoot, MINUTE, run, runAsRoot, say } from "./system.mjs";
import { setUpWebKit } from "./webkit.mjs";

process.chdir(new URL("..", import.meta.url).pathname);

const CANDIDATES = JSON.parse(readFileSync("scripts/chromium.json", "utf8"));

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`this is Node ${process.versions.node}; 20.19 or newer is needed`);
    process.exit(1);
  }
}

function installPackages() {
  const installed = "node_modules/.package-lock.json";
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs) return;
  say("node_modules is missing or older than package-lock.json");
  if (!run("npm", ["ci"])) process.exit(1);
}

const installedChromium = () =>
  [process.env.CHROMIUM, ...CANDIDATES].find((path) => path && existsSync(path));

async function playwrightChromium() {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Ways to install a Chromium, in the order in which they are tried. Each leaves it where {@link findBrowser} looks. */
const INSTALLERS = [
  {
    name: "Playwright's own download",
    possible: () => true,
    install: () => {
      if (!run("npx", ["playwright", "install", "chromium"], { timeout: 10 * MINUTE })) return false;
      // System libraries. Playwright can install them with apt-get only.
      if (has("apt-get") && isRoot) run("npx", ["playwright", "install-deps", "chromium"]);
      return true;
    },
  },
  {
    name: "apt-get",
    possible: () => has("apt-get"),
    install: () => aptInstall("chromium"),
  },
  { name: "dnf", possible: () => has("dnf"), install: () => runAsRoot("dnf", "install", "-y", "chromium") },
  {
    name: "Homebrew",
    possible: () => has("brew"),
    install: () => run("brew", ["install", "--cask", "chromium"]),
  },
];

async function findBrowser() {
  const find = async () => installedChromium() ?? (await playwrightChromium());
  const present = await find();
  if (present) return say(`the browser is ${present}`);
  say(`no Chromium in ${["$CHROMIUM", ...CANDIDATES].join(", ")}`);
  for (const { name, possible, install } of INSTALLERS) {
    if (!possible()) continue;
    say(`trying ${name}`);
    if (!install()) {
      say(`${name} failed`);
      continue;
    }
    const path = await find();
    if (path) return say(`the browser is ${path}`);
  }
  say("no Chromium could be installed. Install one yourself and set CHROMIUM to its path.");
  process.exit(1);
}

checkNode();
installPackages();
const parts = process.argv.slice(2);
if (parts.includes("browser")) await findBrowser();
if (parts.includes("webkit") && !setUpWebKit()) process.exit(1);
if (parts.includes("firefox") && !setUpFirefox()) process.exit(1);
if (parts.includes("python") && !setUpPython()) process.exit(1);
if (parts.includes("ceph") && !setUpCeph()) process.exit(1);
