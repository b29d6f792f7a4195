import { afterAll, beforeAll, describe } from "vitest";
import { javascriptLibrary } from "./javascript-library.ts";
import type { Library } from "./library.ts";
import { type RepoLocation, STORAGES, type Storage } from "./locations.ts";
import { pythonLibrary } from "./python-library.ts";
import { PythonProcess } from "./python-process.ts";

/** A repository, and both libraries working on it. */
export interface SharedRepo {
  /** Name of the repository, to pull from it or push to it. */
  readonly name: string;
  readonly location: RepoLocation;
  readonly python: Library;
  readonly javascript: Library;
  /** Sends a request that only Python supports. */
  request(op: string, params: object): Promise<unknown>;
  /** Another repository on the same storage. */
  sibling(name: string): SharedRepo;
}

/** Runs tests on disk and on S3. `newRepo` returns a new repository each time. */
export function describeOnEachStorage(tests: (newRepo: () => SharedRepo, storage: string) => void): void {
  describe.each(Object.entries(STORAGES))("%s", (name, prepare) => {
    let python: PythonProcess;
    let storage: Storage;
    let repos = 0;
    beforeAll(async () => {
      python = new PythonProcess();
      storage = await prepare();
    });
    afterAll(async () => {
      python.close();
      await storage.close();
    });
    const open = (name: string): SharedRepo => {
      const location = storage.location(name);
      return {
        name,
        location,
        sibling: open,
        python: pythonLibrary(python, location),
        javascript: javascriptLibrary(location),
        request: (op, params) => python.request(op, { uri: location.pythonUri, ...params }),
      };
    };
    tests(() => open(`repo-${++repos}`), name);
  });
}

/** Each library once as the writer. */
export const ROLES = [
  { writer: "python", reader: "javascript" },
  { writer: "javascript", reader: "python" },
] as const satisfies { writer: keyof SharedRepo; reader: keyof SharedRepo }[];
export type Roles = { writer: Library; reader: Library };
