import { expect, type Page } from "@playwright/test";

/** Returns the keys of all records of all databases of the page's origin, such as "file,ab/cd/…". */
export const storedKeys = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const keys: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name!));
      for (const objects of database.objectStoreNames) {
        const store = database.transaction(objects).objectStore(objects);
        keys.push(...(await result(store.getAllKeys())).map(String));
      }
      database.close();
    }
    return keys;
  });

/**
 * Waits until the cache, which is written in the background, has listings of these collections (and of the registry), and
 * these files.
 */
export const untilCached = (page: Page, collections: number, paths: readonly string[]): Promise<void> =>
  expect
    .poll(async () => {
      const keys = await storedKeys(page);
      const listings = keys.filter((key) => /^file,\.lakota\/cache\/state\/list-/.test(key)).length;
      return { listings, missing: paths.filter((path) => !keys.includes(`file,${path}`)) };
    })
    .toEqual({ listings: collections + 1, missing: [] });
