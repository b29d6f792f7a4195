import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repo } from "lakota/engine";
import { type OpenOptions, openRepo } from "lakota/node";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { startS3 } from "../s3-server/index.ts";
import { KEYS } from "../s3-server/tools.ts";

/** The location of a repository, as each library names it. */
export interface RepoLocation {
  readonly uri: string;
  readonly pythonUri: string;
  /** Another repository on the same storage. */
  sibling(name: string): RepoLocation;
  /** Opens the repository with this library, without a cache, so that every call reads the files. */
  open(options?: OpenOptions): Promise<Repo>;
  store(): Store;
}

/** The storage of repositories: a disk, or S3. */
export interface Storage {
  location(name: string): RepoLocation;
  close(): Promise<void>;
}

const UNCACHED: OpenOptions = {
  cache: false,
  maxAge: 0,
  onWarning: (text) => {
    throw new Error(`a warning: ${text}`);
  },
};

async function disk(): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-interop-"));
  const location = (name: string): RepoLocation => {
    const path = join(folder, name);
    return {
      uri: path,
      pythonUri: path,
      sibling: location,
      open: (options) => openRepo(path, { ...UNCACHED, ...options }),
      store: () => new FileStore(path),
    };
  };
  return { location: location, close: () => rm(folder, { recursive: true }) };
}

async function s3(): Promise<Storage> {
  const server = await startS3({ keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey } });
  server.objects.createBucket("interop");
  const access = { endpoint: server.url, credentials: KEYS };
  const secrets = new URLSearchParams({ key: KEYS.accessKeyId, secret: KEYS.secretAccessKey });
  const location = (name: string): RepoLocation => {
    const uri = `s3://interop/${name}`;
    return {
      uri,
      pythonUri: `s3://${new URL(server.url).host}/interop/${name}?${secrets}`,
      sibling: location,
      open: (options) => openRepo(uri, { ...UNCACHED, ...access, ...options }),
      store: () => new S3Store("interop", name, access),
    };
  };
  return { location: location, close: () => server.close() };
}

export const STORAGES: Readonly<Record<string, () => Promise<Storage>>> = { "on disk": disk, "on S3": s3 };
