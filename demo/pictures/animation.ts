import gifenc from "gifenc";
import { PNG } from "pngjs";

/** One picture of an animation. */
export interface AnimationFrame {
  readonly png: Uint8Array;
  /** For how long it is shown, in milliseconds. */
  readonly duration: number;
}

const { GIFEncoder, quantize, applyPalette } = gifenc;

/** Returns pictures of the same size as an animated GIF, which repeats. Each has up to 256 colours of its own. */
export function encodeAnimation(frames: readonly AnimationFrame[]): Uint8Array {
  const gif = GIFEncoder();
  for (const { png, duration } of frames) {
    const { data, width, height } = PNG.sync.read(Buffer.from(png));
    const palette = quantize(data, 256);
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: duration });
  }
  gif.finish();
  return gif.bytes();
}
