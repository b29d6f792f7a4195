import type { Repo, Schema } from "lakota";
import { connectionName, openRepo } from "../connection/connect.ts";
import { EMPTY_SETTINGS, type Settings } from "../connection/settings.ts";
import { writeObstacle } from "../connection/write-access.ts";

/** The repository in the browser's own storage for files of people who have no other one. */
export const BROWSER_SETTINGS: Settings = { ...EMPTY_SETTINGS, uri: "indexeddb://my-files" };

/** A repository that files can be written to. */
export interface Place {
  readonly settings: Settings;
  readonly name: string;
  readonly repo: Repo;
  /** Labels of its collections. */
  readonly collections: readonly string[];
}

/** Returns where a file can be written: the open repository, if that may be writable, and one in this browser. */
export async function findPlaces(settings: Settings, repo: Repo | undefined): Promise<Place[]> {
  const places: Place[] = [];
  if (repo && !(await writeObstacle(settings)))
    places.push({ settings, repo, name: connectionName(settings), collections: await repo.ls() });
  if (settings.uri !== BROWSER_SETTINGS.uri || !repo) {
    const own = await openRepo(BROWSER_SETTINGS);
    const name = places.length > 0 ? "This browser only" : connectionName(BROWSER_SETTINGS);
    places.push({ settings: BROWSER_SETTINGS, repo: own, name, collections: await own.ls() });
  }
  return places;
}

/** Returns the schema of a collection; undefined if there is none of that name. */
export async function schemaOf({ repo, collections }: Place, label: string): Promise<Schema | undefined> {
  return collections.includes(label) ? (await repo.collection(label)).schema : undefined;
}
