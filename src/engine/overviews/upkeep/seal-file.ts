import { sha1 } from "../../../codecs/sha1.ts";
import { wasmEncoder } from "../../../codecs/wasm-encoder.ts";
import { type Bytes, fromHex } from "../../../model/bytes.ts";
import { HEADER_BYTES, MAGIC } from "../overview-file.ts";

/** Level of Zstd. Level 19 takes five times as long and saves 2 %. */
const LEVEL = 9;

/** Compresses the content of a file, and adds its digest. */
export async function sealFile(content: Bytes): Promise<Bytes> {
  const body = (await wasmEncoder()).zstdEncode(content, LEVEL);
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(MAGIC);
  bytes.set(fromHex(await sha1(body)), MAGIC.length);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}
