import { lazy } from "../async/lazy.ts";
import type { Bytes } from "../model/bytes.ts";
import type { Schema } from "../model/schema.ts";
import type { Store } from "../stores/store.ts";
import { type Commit, type CommitMetadata, type TouchedRanges, touchedRanges } from "./commit.ts";
import { decodeTable, decodeTouched, isMap, type Payload, unpackMap } from "./decode-table.ts";

/** What only commits need whose table is a tree. */
const trees = lazy(() => import("./tree/open-tree.ts"));

/** Loads the code that reads trees, so that it is there when the first commit arrives. */
export const prepareTrees = (): void => void trees().catch(() => {}); // it only saves time

/**
 * Decodes the payload of a revision file.
 *
 * @param store has the pages of a table that is a tree
 * @throws `corrupt` if it is not a commit of this schema
 */
export async function decodeCommit(bytes: Bytes, schema: Schema, store: Store): Promise<Commit> {
  const payload = unpackMap(bytes, "commit");
  const tree = "root" in payload ? await trees() : undefined;
  const { about, ancestors, complete } = payload;
  return {
    table: tree ? await tree.openTree(payload, schema, store) : await decodeTable(payload, schema),
    touched: tree ? await tree.openTouched(payload, schema, store) : await touchedOf(payload, schema),
    about: isMap(about) ? aboutOf(about) : undefined,
    ancestors: ancestors instanceof Uint8Array ? ancestors.slice() : undefined,
    complete: isPair(complete) ? complete : undefined,
  };
}

async function touchedOf({ touched }: Payload, schema: Schema): Promise<TouchedRanges | undefined> {
  return isMap(touched) ? touchedRanges(await decodeTouched(touched, schema)) : undefined;
}

/** Leaves out values of an unexpected type: any writer may have put them there. */
function aboutOf({ author, message, rows, bytes }: Payload): CommitMetadata {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const count = (value: unknown) => (typeof value === "number" ? value : undefined);
  return { author: text(author), message: text(message), rows: count(rows), bytes: count(bytes) };
}

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isInteger);
