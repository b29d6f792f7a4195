import { stat } from "node:fs/promises";
import { closest } from "../../model/closest.ts";
import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { parseRepoUri } from "../options/repo-uri.ts";
import { UsageError } from "../options/usage-error.ts";
import { folderPath } from "./check-folder.ts";
import { type Config, changeConfig, readConfig } from "./config-file.ts";

/** A repository that has a name. */
export interface Remote {
  readonly name: string;
  /** Its address; several form a stack, the nearest first. */
  readonly uris: readonly string[];
}

/** A name: no path and no URI looks like one. A folder that is called like a remote is written `./NAME`. */
const NAME = /^[a-z\d][\w-]*$/i;
/** Schemes that a remote may have. */
const SCHEMES = ["s3", "http", "https", "file"];
/** What an address of S3 may have after its question mark: no credentials. */
const S3_PARAMETERS = ["endpoint", "region", "style"];

const toRemote = (name: string, uris: string | readonly string[]): Remote => ({ name, uris: [uris].flat() });

/** Returns the remotes, sorted by name. @throws the errors of {@link readConfig} */
export async function listRemotes(): Promise<Remote[]> {
  const { remotes = {} } = await readConfig();
  return Object.entries(remotes)
    .map(([name, uris]) => toRemote(name, uris))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Adds a remote.
 *
 * @param addresses as `--repo` takes them: each may be a stack
 * @throws `exists`; UsageError for an invalid name or address, and for one with credentials
 */
export async function addRemote(name: string, addresses: readonly string[]): Promise<Remote> {
  if (!NAME.test(name)) {
    const what = /[:@?#=]/.test(name) ? "an address" : `"${name}"`; // which may have a password
    throw new UsageError(
      `${what} is not a name: use letters, digits, - and _, and begin with a letter or a digit.`,
    );
  }
  const uris = addresses.flatMap(parseRepoUri).map(checkedAddress);
  await changeConfig((config) => {
    const existing = ownEntry(config.remotes ?? {}, name);
    if (existing !== undefined) {
      const message = `The remote "${name}" exists: ${[existing].flat().join(" ")}. Remove it first, with \`lakota remote remove ${name}\`.`;
      throw new LakotaError("exists", message);
    }
    return { ...config, remotes: { ...config.remotes, [name]: uris.length === 1 ? uris[0]! : uris } };
  });
  return { name, uris };
}

/** Removes a remote. @throws `not-found` */
export async function removeRemote(name: string): Promise<Remote> {
  let removed: string | readonly string[] | undefined;
  await changeConfig((config) => {
    removed = ownEntry(config.remotes ?? {}, name);
    if (removed === undefined) throw noRemote(name, config);
    const remotes = Object.entries(config.remotes ?? {}).filter(([each]) => each !== name);
    return { ...config, remotes: Object.fromEntries(remotes) };
  });
  return toRemote(name, removed!);
}

function noRemote(name: string, { remotes = {} }: Config): LakotaError {
  const names = Object.keys(remotes).sort();
  const similar = closest(name, names);
  const advice = similar
    ? `Did you mean ${similar}?`
    : names.length > 0
      ? `There are ${names.join(", ")}.`
      : "There are none.";
  return new LakotaError("not-found", `There is no remote "${name}". ${advice}`);
}

/** Replaces the names of remotes among addresses by their URIs. Other texts stay. */
export async function withoutNames(uris: readonly string[]): Promise<string[]> {
  if (!uris.some((uri) => NAME.test(uri))) return [...uris];
  const { remotes = {} } = await readConfig();
  return uris.flatMap((uri) => (NAME.test(uri) ? (ownEntry(remotes, uri) ?? uri) : uri));
}

/** A word that is no path, if there is no such folder: more likely the mistyped name of a remote. */
const WORD = /^[^/.~\\:]+$/;

/**
 * Replaces the names of remotes among the addresses of a repo that must exist, or is named as a target. Of a stack, only
 * the last one must: the nearer ones are caches.
 *
 * @param advice a further sentence of the error
 * @throws `not-found` for a word that is neither a remote nor an existing file or folder
 */
export async function knownUris(
  texts: readonly string[],
  advice: (word: string) => string = () => "",
): Promise<string[]> {
  const uris = await withoutNames(texts);
  const word = texts.at(-1);
  if (word === undefined || word !== uris.at(-1) || !WORD.test(word)) return uris;
  const found = await stat(word).catch((error: NodeJS.ErrnoException) => error.code !== "ENOENT");
  if (found) return uris;
  const names = (await listRemotes()).map(({ name }) => name);
  const others =
    names.length === 0 ? "there are none" : `there ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}`;
  const message = `There is no remote "${word}" (${others}), and no folder of that name.${advice(word)}`;
  throw new LakotaError("not-found", message);
}

/**
 * Returns an address as it is stored: a folder as an absolute path.
 *
 * @throws UsageError for an address with credentials, which must not be stored, and for a scheme that no remote has
 */
function checkedAddress(text: string): string {
  const [, scheme, rest = "", query] = /^([a-z][a-z\d+.-]+):\/\/([^?]*)(?:\?(.*))?/is.exec(text) ?? [];
  if (text.trim() === "") throw new UsageError("the address of a remote is empty.");
  if (scheme === undefined) {
    checkIsFolder(text);
    return folderPath(text)!;
  }
  const kind = scheme.toLowerCase();
  if (!SCHEMES.includes(kind))
    throw new UsageError(`a remote cannot be at ${kind}://. Use a folder, s3://, http:// or https://.`);
  if (rest.includes("@")) throw secret("a login before the @");
  if (text.includes("#")) throw secret("a part after #");
  if (/\s/.test(text))
    throw new UsageError("an address has no white space: write each as an argument of its own.");
  const parameters = [...new URLSearchParams(query)];
  for (const [name, value] of parameters) {
    // A text without = could be a secret by itself.
    const what = value === "" ? "a parameter without value" : `the parameter "${name}"`;
    if (kind !== "s3" || !S3_PARAMETERS.includes(name)) throw secret(what);
    if (/[@?#\s]/.test(value)) throw secret(`a login or a query in its ${name}`);
    if (parameters.filter(([each]) => each === name).length > 1)
      throw new UsageError(`the address has the parameter "${name}" more than once.`);
  }
  return text;
}

/** @throws UsageError for the path of a folder that looks like an address: it could hide a login */
function checkIsFolder(path: string): void {
  if (/^(?:s3|https?):/i.test(path))
    throw new UsageError("the address lacks :// after its scheme. A folder of such a name is ./NAME.");
  if (/:.*@/s.test(path.replace(/^[a-z]:[\\/]/i, "")))
    throw secret("a login before the @, as it seems, though it is a path");
}

const secret = (what: string) =>
  new UsageError(
    `the address has ${what}, and the configuration stores no secrets. Give keys of S3 by AWS's variables or profiles, and a token by LAKOTA_TOKEN.`,
  );
