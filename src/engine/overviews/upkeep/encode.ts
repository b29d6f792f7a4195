import { sha1 } from "../../../codecs/sha1.ts";
import { wasmEncoder } from "../../../codecs/wasm-encoder.ts";
import type { Bytes } from "../../../model/bytes.ts";
import { Summary } from "../../../query/downsample/summary.ts";
import { packBlocks } from "../blocks-format.ts";
import type { Head } from "../decode.ts";
import type { Group } from "../groups.ts";
import { HEADER_BYTES, MAGIC, type Overview } from "../overview.ts";
import { packKey } from "../packed-key.ts";

/** Level of Zstd. Level 19 takes five times as long and saves 2 %. */
const LEVEL = 9;

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
  const body = (await wasmEncoder()).zstdEncode(content, LEVEL);
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(MAGIC);
  bytes.set(fromHex(await sha1(body)), MAGIC.length);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
