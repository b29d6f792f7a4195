import type { Entry, Store } from "../../src/stores/store.ts";

/** The store for one who does not see what others do from now on. */
export function staleStore(store: Store): Store {
  const lists = new Map<string, ReturnType<Store["list"]>>();
  const own: Entry[] = [];
  return new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === "list") {
        return async (prefix: string) => {
          const known = lists.get(prefix) ?? target.list(prefix);
          lists.set(prefix, known);
          return [...(await known), ...own.filter(({ path }) => path.startsWith(prefix))];
        };
      }
      if (name === "put") {
        return async (...args: Parameters<Store["put"]>) => {
          const made = await target.put(...args);
          if (made) own.push({ path: args[0], size: args[1].length });
          return made;
        };
      }
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
