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

/** Where a repository is, as each side names it. */
export interface Place {
  readonly uri: string;
  readonly pythonUri: string;
  /** Another repository beside it. */
  sibling(name: string): Place;
  /** Ours, without a cache: what is asked is asked of the files. */
  open(options?: OpenOptions): Promise<Repo>;
  store(): Store;
}

/** Where places are: a disk, or an S3. */
export interface Ground {
  place(name: string): Place;
  close(): Promise<void>;
}

const FRESH: OpenOptions = {
  cache: false,
  maxAge: 0,
  onWarning: (text) => {
    throw new Error(`a warning: ${text}`);
  },
};

async function disk(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-interop-"));
  const place = (name: string): Place => {
    const path = join(folder, name);
    return {
      uri: path,
      pythonUri: path,
      sibling: place,
      open: (options) => openRepo(path, { ...FRESH, ...options }),
      store: () => new FileStore(path),
    };
  };
  return { place, close: () => rm(folder, { recursive: true }) };
}

async function s3(): Promise<Ground> {
  const server = await startS3({ keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey } });
  server.objects.createBucket("interop");
  const access = { endpoint: server.url, credentials: KEYS };
  const secrets = new URLSearchParams({ key: KEYS.accessKeyId, secret: KEYS.secretAccessKey });
  const place = (name: string): Place => {
    const uri = `s3://interop/${name}`;
    return {
      uri,
      pythonUri: `s3://${new URL(server.url).host}/interop/${name}?${secrets}`,
      sibling: place,
      open: (options) => openRepo(uri, { ...FRESH, ...access, ...options }),
      store: () => new S3Store("interop", name, access),
    };
  };
  return { place, close: () => server.close() };
}

export const GROUNDS: Readonly<Record<string, () => Promise<Ground>>> = { "on disk": disk, "on S3": s3 };
