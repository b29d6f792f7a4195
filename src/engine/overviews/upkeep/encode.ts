import type { Bytes } from "../../../model/bytes.ts";
import { Summary } from "../../../query/downsample/summary.ts";
import { packBlocks } from "../blocks-format.ts";
import type { Head } from "../decode.ts";
import type { Group } from "../groups.ts";
import type { Overview } from "../overview.ts";
import { packKey } from "../packed-key.ts";
import { sealFile } from "./seal-file.ts";

/** Encodes a file. @param overview of the group */
export async function encodeOverview({ segments }: Overview, name: string, group: Group): Promise<Bytes> {
  const head: Head = {
    name,
    rowsPerBlock: group.rowsPerBlock,
    segments: group.segments.map(({ length }, i) => {
      const summary = segments[i];
      return { rows: length, ...(summary && { first: packKey(summary.first), last: packKey(summary.last) }) };
    }),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const packed = packBlocks(Summary.concat(segments.flatMap((summary) => summary?.blocks ?? [])));
  const content = new Uint8Array(4 + text.length + packed.length);
  new DataView(content.buffer).setUint32(0, text.length, true);
  content.set(text, 4);
  content.set(packed, 4 + text.length);
  return sealFile(content);
}
