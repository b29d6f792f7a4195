// The Python that test/interop/ needs: a virtual environment in .cache/interop with the packages of its requirements.txt.
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { aptInstall, has, run, say, succeeds } from "./system.mjs";

const FOLDER = ".cache/interop";
const REQUIREMENTS = "test/interop/requirements.txt";
/** What was installed, as it was written then. */
const INSTALLED = `${FOLDER}/requirements.txt`;

/** Python Lakota 0.7 needs numpy 1 and a numcodecs of its time, which have no binaries for later Pythons. */
const CANDIDATES = ["python3", "python3.11", "python3.10", "python3.9"];
const CHECK = "import sys, venv, ensurepip; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))";

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
const find = () => CANDIDATES.find((command) => succeeds(command, ["-c", CHECK]));

/** Answers whether the environment is there. */
export function setUpPython() {
  if (read(INSTALLED) === read(REQUIREMENTS)) {
    say(`Python Lakota is in ${FOLDER}`);
    return true;
  }
  if (!find() && has("apt-get")) {
    say(`no Python 3.9 to 3.11 with venv among ${CANDIDATES.join(", ")}`);
    aptInstall("python3", "python3-venv");
  }
  const python = find();
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
