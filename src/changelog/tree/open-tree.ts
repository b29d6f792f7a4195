import { LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import { type TouchedRanges, touchedRanges } from "../commit.ts";
import { decodeTouched, embeddedOf, isMap, type Payload, unpackMap } from "../decode-table.ts";
import { decodePage } from "./page.ts";
import { pageSource } from "./page-source.ts";
import { TreeTable } from "./tree-table.ts";

/** Returns the table of a commit that has the root of a tree. @throws `corrupt` */
export async function openTree({ root, pages }: Payload, schema: Schema, store: Store): Promise<TreeTable> {
  if (!(root instanceof Uint8Array)) throw new LakotaError("corrupt", "The root of a tree is no page.");
  const bytes = root.slice();
  const embedded = embeddedOf({ embedded: pages });
  return new TreeTable(await decodePage(bytes, schema), bytes, embedded, pageSource(store, schema));
}

/** Returns the touched ranges of such a commit: a map, or the digest of a file with one. */
export async function openTouched(
  { touched }: Payload,
  schema: Schema,
  store: Store,
): Promise<TouchedRanges | undefined> {
  if (typeof touched === "string") return touchedFile(touched, schema, store);
  return isMap(touched) ? touchedRanges(await decodeTouched(touched, schema)) : undefined;
}

/** Returns ranges that are in a file. */
export function touchedFile(file: string, schema: Schema, store: Store): TouchedRanges {
  return {
    file,
    load: async (signal) => {
      const bytes = await pageSource(store, schema).bytes(file, new Map(), signal);
      return decodeTouched(unpackMap(bytes, "list of ranges"), schema);
    },
  };
}
