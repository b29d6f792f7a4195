import { LakotaError } from "../../src/model/errors.ts";
import type { Store } from "../../src/stores/store.ts";

/** A remote store, and a plug that can be pulled to go offline. */
export function plugged(store: Store): { remote: Store; plug: { out: boolean } } {
  const plug = { out: false };
  const remote = new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: never[]) => {
        if (plug.out) throw new LakotaError("offline", "no network");
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { remote, plug };
}
