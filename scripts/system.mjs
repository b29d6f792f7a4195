// What setting up a machine needs, in plain JavaScript without packages, because nothing is installed yet.
import { spawnSync } from "node:child_process";

export const MINUTE = 60_000;

export const say = (text) => console.log(`setup: ${text}`);

/** Shows a command and runs it. Answers whether it succeeded. */
export function run(command, args, { timeout } = {}) {
  say(`$ ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], timeout });
  if (error) say(`${command}: ${error.message}`);
  return status === 0;
}

/** Runs a command unseen. Answers whether it succeeded. */
export const succeeds = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

export const has = (command) => succeeds("sh", ["-c", `command -v ${command}`]);
export const isRoot = process.getuid?.() === 0;

export function runAsRoot(...words) {
  const [command, ...args] = [...(isRoot || !has("sudo") ? [] : ["sudo"]), ...words];
  return run(command, args);
}

/** Installs packages of Debian and its kin. Answers whether it succeeded. */
export const aptInstall = (...packages) =>
  runAsRoot("apt-get", "update", "-qq") &&
  runAsRoot("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", ...packages);
