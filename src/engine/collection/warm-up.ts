import { encodeColumn } from "../../codecs/encode.ts";
import { Schema } from "../../model/schema.ts";

/**
 * Loads what reading, writing and merging load when they are first called for, so that they work without a network
 * from then on. What cannot be loaded now is loaded when it is needed.
 */
export async function warmUp(): Promise<void> {
  const [column] = new Schema({ x: "float*" }).columns;
  await Promise.allSettled([
    encodeColumn(Float64Array.of(0), column!), // the encoder's WebAssembly
    import("../../changelog/merge.ts"),
    import("../../changelog/write.ts"),
    import("../read/downsample.ts"),
  ]);
}
