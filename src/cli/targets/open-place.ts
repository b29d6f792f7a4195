import { LakotaError } from "../../model/errors.ts";
import { S3Store } from "../../stores/s3/s3-store.ts";
import { folderPath } from "../config/check-folder.ts";
import type { Context } from "../context.ts";
import { UsageError } from "../options/usage-error.ts";
import type { FilePlace } from "./file-place.ts";
import { folderPlace } from "./folder-place.ts";
import { storePlace } from "./store-place.ts";

/** Opens a place: a path, `file://`, or `s3://`. @throws UsageError for other addresses */
export async function openPlace(
  context: Context,
  text: string,
): Promise<{ place: FilePlace; close(): void }> {
  if (/^s3:/i.test(text)) {
    const opened = await context.open([text], { cache: false });
    const { store } = opened;
    if (!(store instanceof S3Store)) throw new LakotaError("internal", `${store.uri} is no store of S3.`);
    return { place: storePlace(store, context.signal), close: () => opened.close() };
  }
  const path = folderPath(text);
  if (path === undefined)
    throw new UsageError(
      `"${text}" is neither a folder nor an address of S3 (s3://bucket/prefix). Copy between repos with push and pull.`,
    );
  return { place: folderPlace(path), close: () => undefined };
}
