import type { Entry, Store } from "../../src/stores/store.ts";

/** The store as seen by a writer that sees none of the files that others write from now on. */
export function staleStore(store: Store): Store {
  const lists = new Map<string, ReturnType<Store["list"]>>();
  const ownFiles: Entry[] = [];
  return new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === "list") {
        return async (prefix: string) => {
          const known = lists.get(prefix) ?? target.list(prefix);
          lists.set(prefix, known);
          return [...(await known), ...ownFiles.filter(({ path }) => path.startsWith(prefix))];
        };
      }
      if (name === "put") {
        return async (...args: Parameters<Store["put"]>) => {
          const made = await target.put(...args);
          if (made) ownFiles.push({ path: args[0], size: args[1].length });
          return made;
        };
      }
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
