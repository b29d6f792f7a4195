import type uPlot from "uplot";
import type { XRange } from "./chart-data.ts";

/** Movement from which on a finger selects, in pixels. Less may be the beginning of a scroll, or a tap. */
const LEAST_MOVE = 6;

/**
 * Touch gestures, which uPlot lacks: one finger selects the range to zoom to; with two, the points below the
 * fingers move along with them (pinch and pan). Vertical movement scrolls the page as usual.
 *
 * @param show called with the range to show
 */
export function touchGestures(show: (range: XRange) => void): uPlot.Plugin {
  return { hooks: { ready: [(plot) => listen(plot, show)] } };
}

function listen(plot: uPlot, show: (range: XRange) => void): void {
  const { over } = plot;
  over.style.touchAction = "pan-y";
  /** Touching fingers: the position in pixels, and the value of the x axis where each was put down. */
  const fingers = new Map<number, { pixel: number; x: number }>();
  /** Pixel where the selecting finger was put down. */
  let from: number | undefined;

  const position = ({ clientX }: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.max(0, Math.min(width, clientX - left));
  };
  const select = (to: number, fire: boolean) => {
    if (from === undefined) return;
    const box = { left: Math.min(from, to), width: Math.abs(to - from), top: 0, height: over.clientHeight };
    plot.setSelect(box, fire);
  };
  const unselect = () => {
    from = undefined;
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  };
  const pinch = () => {
    const [a, b] = fingers.values();
    if (!a || !b || Math.abs(a.pixel - b.pixel) < 8) return; // too close for an exact scale
    const scale = (b.x - a.x) / (b.pixel - a.pixel);
    if (scale <= 0) return;
    const low = a.x - a.pixel * scale;
    show([low, low + over.clientWidth * scale]);
  };

  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    const pixel = position(event);
    fingers.set(event.pointerId, { pixel, x: plot.posToVal(pixel, "x") });
    if (fingers.size === 1) from = pixel;
    else unselect();
  });
  over.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    finger.pixel = position(event);
    if (fingers.size === 2) pinch();
    else if (from !== undefined && Math.abs(finger.pixel - from) >= LEAST_MOVE) {
      plot.setCursor({ left: finger.pixel, top: over.clientHeight / 2 });
      select(finger.pixel, false);
    }
  });
  over.addEventListener("pointerup", (event) => {
    if (!fingers.delete(event.pointerId) || from === undefined) return;
    select(position(event), true);
    from = undefined;
  });
  over.addEventListener("pointercancel", (event) => {
    if (!fingers.delete(event.pointerId)) return;
    unselect(); // the page scrolls
    plot.setCursor({ left: -10, top: -10 });
  });
}
