// Makes a bare machine with Node ready: `node scripts/setup.mjs` installs the packages, `… setup.mjs browser python ceph` also
// finds or installs a Chromium, Python Lakota, and Ceph. Plain JavaScript without packages, because nothing is installed yet.
import { existsSync, readFileSync, statSync } from "node:fs";
import { setUpCeph } from "./ceph.mjs";
import { setUpPython } from "./python.mjs";
import { aptInstall, has, isRoot, MINUTE, run, runAsRoot, say } from "./system.mjs";

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

/** The ways to get a Chromium, in the order they are tried. Each is a command that leaves one where it is looked for. */
const WAYS = [
  {
    name: "Playwright's own download",
    possible: () => true,
    install: () => {
      if (!run("npx", ["playwright", "install", "chromium"], { timeout: 10 * MINUTE })) return false;
      // The libraries that it needs from the system; Playwright knows how to get them with apt-get only.
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
  const found = async () => installedChromium() ?? (await playwrightChromium());
  const present = await found();
  if (present) return say(`the browser is ${present}`);
  say(`no Chromium in ${["$CHROMIUM", ...CANDIDATES].join(", ")}`);
  for (const { name, possible, install } of WAYS) {
    if (!possible()) continue;
    say(`trying ${name}`);
    if (!install()) {
      say(`${name} failed`);
      continue;
    }
    const path = await found();
    if (path) return say(`the browser is ${path}`);
  }
  say("no Chromium could be installed. Install one yourself and set CHROMIUM to its path.");
  process.exit(1);
}

checkNode();
installPackages();
const asked = process.argv.slice(2);
if (asked.includes("browser")) await findBrowser();
if (asked.includes("python") && !setUpPython()) process.exit(1);
if (asked.includes("ceph") && !setUpCeph()) process.exit(1);
