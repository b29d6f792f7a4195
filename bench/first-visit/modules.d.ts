/** The address of a file that Vite places beside the bundle. */
declare module "*?url" {
  const address: string;
  export default address;
}
/** The file of peers/ that a page is built with. */
declare module "#peer" {
  export const open: import("./peer.ts").Open;
}
/** What the benchmark uses of Icechunk, which is not installed with the project's packages. */
declare module "@earthmover/icechunk" {
  interface Version {
    etag: string;
  }

  /** A backend in JavaScript. Node's callbacks: the first argument is an error. */
  export interface StorageBackend {
    canWrite(): Promise<boolean>;
    getObjectRange(
      error: null,
      request: { path: string; rangeStart?: number; rangeEnd?: number },
    ): Promise<{ data: Uint8Array; version: Version }>;
    putObject(
      error: null,
      request: { path: string; data: Uint8Array },
    ): Promise<{ kind: "updated"; newVersion: Version }>;
    copyObject(
      error: null,
      request: { from: string; to: string },
    ): Promise<{ kind: "updated"; newVersion: Version }>;
    listObjects(error: null, prefix: string): Promise<{ id: string; createdAt: Date; sizeBytes: number }[]>;
    deleteBatch(): Promise<{ deletedObjects: number; deletedBytes: number }>;
    getObjectLastModified(error: null, path: string): Promise<Date>;
    getObjectConditional(
      error: null,
      request: { path: string },
    ): Promise<{ kind: "modified"; data: Uint8Array; newVersion: Version }>;
  }

  export interface Storage {
    readonly kind: unique symbol;
  }
  export const Storage: { newCustom(backend: StorageBackend): Storage };

  interface Session {
    readonly store: import("zarrita").AsyncReadable & { set(key: string, value: Buffer): Promise<void> };
    commit(message: string): Promise<string>;
  }

  export class Repository {
    static create(storage: Storage): Promise<Repository>;
    static open(storage: Storage): Promise<Repository>;
    writableSession(branch: string): Promise<Session>;
    readonlySession(options: { branch: string }): Promise<Session>;
  }
}

declare module "@earthmover/icechunk/fetch-storage" {
  export function createFetchStorage(url: string): import("@earthmover/icechunk").Storage;
}
