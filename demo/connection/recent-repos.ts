import { EMPTY_SETTINGS, type Settings } from "./settings.ts";

const KEY = "lakota-recent-repositories";
/** Most repositories that are kept: the one opened longest ago is dropped first. */
const MAX_KEPT = 6;

/** What is kept of a repository: where it is, and no secret. */
type Place = Pick<Settings, "uri" | "endpoint" | "region">;

/** The addresses of repositories that were opened in this browser, newest first. */
export class RecentRepos {
  readonly #storage: Storage | undefined;

  /** @param storage undefined where the browser allows none: then nothing is kept */
  constructor(storage: Storage | undefined) {
    this.#storage = storage;
  }

  /** Returns the settings of each, without keys. */
  list(): Settings[] {
    return this.#read().map((place) => ({ ...EMPTY_SETTINGS, ...place }));
  }

  add({ uri, endpoint, region }: Settings): void {
    const others = this.#read().filter((place) => !isSame(place, { uri, endpoint, region }));
    this.#write([{ uri, endpoint, region }, ...others].slice(0, MAX_KEPT));
  }

  remove(settings: Settings): void {
    this.#write(this.#read().filter((place) => !isSame(place, settings)));
  }

  #read(): Place[] {
    try {
      const stored: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "[]");
      return Array.isArray(stored) ? stored.filter(isPlace) : [];
    } catch {
      return []; // no JSON, or no access
    }
  }

  #write(places: readonly Place[]): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(places));
    } catch {
      // The storage is full or closed to the page: the list is only a convenience.
    }
  }
}

const isPlace = (value: unknown): value is Place =>
  typeof value === "object" &&
  value !== null &&
  ["uri", "endpoint", "region"].every((name) => typeof (value as Record<string, unknown>)[name] === "string");

const isSame = (a: Place, b: Place): boolean => a.uri === b.uri && a.endpoint === b.endpoint;

/** Returns the browser's storage; undefined where its settings forbid it. */
export function localStorageOrNone(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
