import type uPlot from "uplot";

/** Zoom by a finger's drag along the x axis; up and down still scrolls the page. uPlot itself knows mice only. */
export function touchSelect(): uPlot.Plugin {
  return { hooks: { ready: [listen] } };
}

function listen(plot: uPlot): void {
  const { over } = plot;
  over.style.touchAction = "pan-y";
  let from: number | undefined;
  const at = (event: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.max(0, Math.min(width, event.clientX - left));
  };
  const select = (to: number, fire: boolean) => {
    if (from === undefined) return;
    const box = { left: Math.min(from, to), width: Math.abs(to - from), top: 0, height: over.clientHeight };
    plot.setSelect(box, fire);
  };
  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") from = at(event);
  });
  over.addEventListener("pointermove", (event) => {
    if (from === undefined) return;
    plot.setCursor({ left: at(event), top: over.clientHeight / 2 });
    select(at(event), false);
  });
  over.addEventListener("pointerup", (event) => {
    select(at(event), true);
    from = undefined;
  });
  over.addEventListener("pointercancel", () => {
    from = undefined;
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  });
}
