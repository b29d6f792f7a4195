// Runs commands and package managers. Plain JavaScript without packages, because nothing is installed yet.
import { spawnSync } from "node:child_process";

export const MINUTE = 60_000;

export const say = (text) => console.log(`setup: ${text}`);

/** Prints a command and runs it. Returns whether it succeeded. */
export function run(command, args, { timeout } = {}) {
  say(`$ ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], timeout });
  if (error) say(`${command}: ${error.message}`);
  return status === 0;
}

/** Runs a command without any output. Returns whether it succeeded. */
export const succeeds = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

export const has = (command) => succeeds("sh", ["-c", `command -v ${command}`]);
export const isRoot = process.getuid?.() === 0;

/** Runs a command as root, with sudo if necessary. Returns whether it succeeded. */
export function runAsRoot(...commandLine) {
  const [command, ...args] = isRoot || !has("sudo") ? commandLine : ["sudo", ...commandLine];
  return run(command, args);
}

/** Installs packages of Debian or a derivative. Returns whether it succeeded. */
export const aptInstall = (...packages) =>
  runAsRoot("apt-get", "update", "-qq") &&
  runAsRoot("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", ...packages);
