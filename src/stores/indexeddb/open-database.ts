/** The only object store of the database. */
export const OBJECT_STORE = "files";

/** Starts to open a database. It is small, so that a worker can do so while the code that uses the database loads. */
export function openDatabase(name: string): IDBOpenDBRequest {
  const request = indexedDB.open(name);
  // Until the code that uses the database is loaded, an open connection would block its deletion.
  request.onsuccess = () => {
    const database = request.result;
    database.onversionchange = () => database.close();
  };
  request.onupgradeneeded = () => request.result.createObjectStore(OBJECT_STORE);
  return request;
}
