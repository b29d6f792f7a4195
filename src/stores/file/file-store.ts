import { constants } from "node:fs";
import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { aborted, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { PRIVATE_FOLDER } from "../../model/layout.ts";
import { emptied } from "../emptied.ts";
import { checkPath, compareUtf8, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, LocalStore, PutOptions, SignalOptions } from "../store.ts";

export interface FileStoreOptions {
  /**
   * Whether to flush a file to disk before it gets its name (default true). Without it, a power failure may
   * leave empty files: good enough for a cache.
   */
  sync?: boolean;
}

/** Folder of files that are being written. */
const TEMPORARY = `${PRIVATE_FOLDER}tmp/writes/`;
/** Age in milliseconds from which a temporary file was left by a program that died. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/**
 * Files in a folder (Node only).
 *
 * A file is written under a temporary name, and renamed once it is complete: readers never see a partial
 * file, and of two writers of one path exactly one succeeds.
 */
export class FileStore implements LocalStore {
  readonly uri: string;
  readonly #root: string;
  readonly #sync: boolean;
  #swept: Promise<void> | undefined;
  #isCleared = false;

  /** @param root path of a folder; created on the first write */
  constructor(root: string, options: FileStoreOptions = {}) {
    this.#root = resolve(root);
    this.#sync = options.sync ?? true;
    this.uri = pathToFileURL(this.#root).href;
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { signal, onBytes } = options;
    throwIfAborted(signal);
    try {
      const bytes = await readFile(this.#locate(path), { signal });
      onBytes?.(bytes.length, false);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    } catch (error) {
      if (signal?.aborted) throw aborted(signal);
      if (isMissing(error)) return undefined;
      throw explain(error, `read ${path} in ${this.uri}`);
    }
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    const target = this.#locate(path);
    throwIfAborted(options.signal);
    if (this.#isCleared) throw emptied(this.uri);
    if (!options.overwrite && (await isFile(target))) return false;
    const temporary = this.#locate(`${TEMPORARY}${crypto.randomUUID()}`);
    try {
      await this.#sweep();
      await inFolder(temporary, () => this.#write(temporary, bytes));
      throwIfAborted(options.signal);
      const created = await inFolder(target, () =>
        (options.overwrite ? replace : renameNew)(temporary, target),
      );
      if (!this.#isCleared) return created;
      await this.delete(path); // `clear` may have missed it
      throw emptied(this.uri);
    } catch (error) {
      throw explain(error, `write ${path} in ${this.uri}`);
    } finally {
      await unlink(temporary).catch(() => {}); // it may have been renamed
    }
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    const { signal, startAfter = "", detail } = options;
    throwIfAborted(signal);
    const entries: Entry[] = [];
    const walk = async (folder: string): Promise<void> => {
      throwIfAborted(signal);
      const items = await readdir(join(this.#root, folder), { withFileTypes: true }).catch((error) => {
        if (isMissing(error)) return [];
        throw explain(error, `list ${folder} in ${this.uri}`);
      });
      const folders: string[] = [];
      const names: string[] = [];
      const files: Promise<void>[] = [];
      for (const item of items) {
        const path = folder + item.name;
        if (item.isDirectory()) folders.push(`${path}/`);
        else if (!path.startsWith(prefix) || compareUtf8(path, startAfter) <= 0) continue;
        else if (detail === "path" && item.isFile()) names.push(item.name);
        else files.push(measure(path));
      }
      for (const name of names.sort()) entries.push({ path: folder + name, size: 0 });
      await Promise.all(files);
      for (const inner of folders) if (mayContain(inner, prefix, startAfter)) await walk(inner);
    };
    const measure = async (path: string): Promise<void> => {
      const info = await stat(join(this.#root, path)).catch(() => undefined); // deleted meanwhile
      if (!info?.isFile()) return;
      // A file keeps its modification time when it is renamed, but not its change time.
      const modified = detail === "modified" ? { modified: Math.max(info.mtimeMs, info.ctimeMs) } : undefined;
      entries.push({ path, size: info.size, ...modified });
    };
    await walk(prefix.slice(0, prefix.lastIndexOf("/") + 1));
    return selectEntries(entries, prefix, startAfter);
  }

  async delete(path: string, options: SignalOptions = {}): Promise<void> {
    const target = this.#locate(path);
    throwIfAborted(options.signal);
    try {
      await unlink(target);
    } catch (error) {
      if (isMissing(error)) return;
      throw explain(error, `delete ${path} in ${this.uri}`);
    }
    await this.#prune(target);
  }

  async move(from: string, to: string, options: SignalOptions = {}): Promise<void> {
    const source = this.#locate(from);
    const target = this.#locate(to);
    throwIfAborted(options.signal);
    try {
      if (!(await isFile(source))) {
        throw new LakotaError("not-found", `There is no ${from} in ${this.uri} to be moved.`);
      }
      await inFolder(target, () => rename(source, target));
    } catch (error) {
      throw explain(error, `move ${from} to ${to} in ${this.uri}`);
    }
    await this.#prune(source);
  }

  /** Empties the folder. Other processes that have it open are not kept from writing. */
  async clear(unless?: string): Promise<boolean> {
    if (unless !== undefined && (await this.list(unless)).length > 0) return false;
    this.#isCleared = true;
    for (const { path } of await this.list("", { detail: "path" })) await this.delete(path);
    await rm(join(this.#root, TEMPORARY), { recursive: true, force: true }).catch((error) => {
      throw explain(error, `empty ${this.uri}`);
    });
    return true;
  }

  #locate(path: string): string {
    checkPath(path);
    const full = join(this.#root, path);
    const safe = full.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep);
    if (!safe || (sep === "\\" && /[<>:"|?*\\]|[. ](\/|$)/.test(path))) {
      throw new LakotaError("invalid-argument", `${path} cannot be a file name on this system.`);
    }
    return full;
  }

  async #write(temporary: string, bytes: Uint8Array): Promise<void> {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      if (this.#sync) await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Removes the folders that became empty when the file at `path` was removed. */
  async #prune(path: string): Promise<void> {
    for (let folder = dirname(path); folder.length > this.#root.length; folder = dirname(folder)) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false, // not empty
      );
      if (!removed) break;
    }
  }

  /** Removes the temporary files that died programs have left. Runs once. */
  #sweep(): Promise<void> {
    this.#swept ??= (async () => {
      const folder = join(this.#root, TEMPORARY);
      for (const name of await readdir(folder).catch(() => [])) {
        const info = await stat(join(folder, name)).catch(() => undefined);
        if (info && Date.now() - info.mtimeMs > ABANDONED_AFTER)
          await unlink(join(folder, name)).catch(() => {});
      }
    })();
    return this.#swept;
  }
}

/** Whether a folder (with trailing slash) may contain files of a listing. */
function mayContain(folder: string, prefix: string, startAfter: string): boolean {
  if (folder === TEMPORARY) return false;
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return compareUtf8(folder, startAfter) > 0 || startAfter.startsWith(folder);
}

/** Renames a file, unless the target exists. Returns whether it did. */
async function renameNew(temporary: string, target: string): Promise<boolean> {
  try {
    await link(temporary, target);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      if (await isFile(target)) return false;
      throw new LakotaError("invalid-argument", `${target} is a folder, so it cannot be a file.`);
    }
    if (!NO_LINKS.has(codeOf(error))) throw error;
  }
  // A file system without hard links (FAT, some network shares): the copy is exclusive, but not atomic.
  return copyFile(temporary, target, constants.COPYFILE_EXCL).then(
    () => true,
    (error) => {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    },
  );
}

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

async function replace(temporary: string, target: string): Promise<boolean> {
  await rename(temporary, target);
  return true;
}

/** Runs `work`, and creates the folder of `path` if it is missing (another program may have pruned it). */
async function inFolder<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || attempt === 10) throw error;
      await mkdir(dirname(path), { recursive: true });
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw explain(error, `stat ${path}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * Whether there is no such file: nothing exists at its path, its path leads through a file, or it is a
 * folder.
 */
function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(error));
}

function explain(error: unknown, doing: string): LakotaError {
  if (error instanceof LakotaError) return error;
  const code = codeOf(error);
  const text = (reason: string) => `Cannot ${doing}: ${reason} (${code}).`;
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new LakotaError("forbidden", text("permission denied. Change the permissions"), {
        cause: error,
      });
    case "ENOSPC":
    case "EDQUOT":
      return new LakotaError("quota", text("the disk is full. Free some space"), { cause: error });
    case "ENAMETOOLONG":
      return new LakotaError(
        "invalid-argument",
        text("a part of the path is longer than this file system allows"),
        {
          cause: error,
        },
      );
    case "ENOTDIR":
    case "EEXIST":
    case "EISDIR":
    case "ENOTEMPTY":
      return new LakotaError("invalid-argument", text("a file is where a folder is needed, or the reverse"), {
        cause: error,
      });
    default:
      return new LakotaError(
        "internal",
        `Cannot ${doing}: ${error instanceof Error ? error.message : error}`,
        {
          cause: error,
        },
      );
  }
}
