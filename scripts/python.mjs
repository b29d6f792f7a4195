// Installs Python Lakota for test/interop/: a virtual environment in .cache/interop with the packages of requirements.txt.
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { aptInstall, has, run, say, succeeds } from "./system.mjs";

const FOLDER = ".cache/interop";
const REQUIREMENTS = "test/interop/requirements.txt";
/** A copy of the requirements that the environment was made from. */
const INSTALLED = `${FOLDER}/requirements.txt`;

/** Python Lakota 0.7 needs numpy 1 and a numcodecs of that age, which have no binaries for Python 3.12 and later. */
const CANDIDATES = ["python3", "python3.11", "python3.10", "python3.9"];
const CHECK = "import sys, venv, ensurepip; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))";

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
const findPython = () => CANDIDATES.find((command) => succeeds(command, ["-c", CHECK]));

/** Makes the environment if it is missing or outdated. Returns whether it is available. */
export function setUpPython() {
  if (read(INSTALLED) === read(REQUIREMENTS)) {
    say(`Python Lakota is in ${FOLDER}`);
    return true;
  }
  if (!findPython() && has("apt-get")) {
    say(`no Python 3.9 to 3.11 with venv among ${CANDIDATES.join(", ")}`);
    aptInstall("python3", "python3-venv");
  }
  const python = findPython();
  if (!python) {
    say("Python 3.9, 3.10 or 3.11 with its module venv is needed, and could not be installed.");
    return false;
  }
  rmSync(FOLDER, { recursive: true, force: true });
  const installed =
    run(python, ["-m", "venv", FOLDER]) &&
    run(`${FOLDER}/bin/python`, ["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]);
  if (installed) copyFileSync(REQUIREMENTS, INSTALLED);
  return installed;
}
