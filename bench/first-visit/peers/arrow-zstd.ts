/** The package contains no decompressor. This one, in JavaScript, is the one that hyparquet uses too. */
import { CompressionType, compressionRegistry, tableFromIPC } from "apache-arrow";
import { decompress } from "fzstd";
import { openArrowSeries } from "../arrow-series.ts";
import type { Open } from "../peer.ts";

// A copy, because what it returns does not begin at a multiple of 8 bytes, as columns must.
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompress(bytes).slice() });

export const open: Open = async (context) =>
  openArrowSeries(context, async () => {
    const response = await fetch(`${context.store}/${context.source}`);
    // For the same reason not from the stream, where columns that zstd does not make smaller begin anywhere.
    return tableFromIPC(await response.arrayBuffer());
  });
