import type uPlot from "uplot";
import type { XRange } from "./chart-data.ts";

/**
 * Fingers, which uPlot itself does not know: one that drags along the x axis selects what to zoom to, two keep what is
 * below them while they move (pinch and pan). Up and down still scrolls the page.
 *
 * @param show told what is to be seen
 */
export function touchGestures(show: (range: XRange) => void): uPlot.Plugin {
  return { hooks: { ready: [(plot) => listen(plot, show)] } };
}

function listen(plot: uPlot, show: (range: XRange) => void): void {
  const { over } = plot;
  over.style.touchAction = "pan-y";
  /** Fingers that are down: where they are, in pixels, and the place on the x axis where each was put. */
  const fingers = new Map<number, { at: number; x: number }>();
  /** Where the one finger that selects began. */
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
    if (!a || !b || Math.abs(a.at - b.at) < 8) return; // too close to tell how far apart
    const scale = (b.x - a.x) / (b.at - a.at);
    if (scale <= 0) return;
    const low = a.x - a.at * scale;
    show([low, low + over.clientWidth * scale]);
  };

  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    const at = position(event);
    fingers.set(event.pointerId, { at, x: plot.posToVal(at, "x") });
    if (fingers.size === 1) from = at;
    else unselect();
  });
  over.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    finger.at = position(event);
    if (fingers.size === 2) pinch();
    else if (from !== undefined) {
      plot.setCursor({ left: finger.at, top: over.clientHeight / 2 });
      select(finger.at, false);
    }
  });
  over.addEventListener("pointerup", (event) => {
    if (!fingers.delete(event.pointerId) || from === undefined) return;
    select(position(event), true);
    from = undefined;
  });
  over.addEventListener("pointercancel", (event) => {
    if (fingers.delete(event.pointerId)) unselect();
  });
}
