/** What the keys of a focused chart do. */
export interface KeyActions {
  moveCursor(points: number): void;
  pan(fraction: number): void;
  zoom(factor: number): void;
  reset(): void;
}

/** Lets an element be focused, and its keys move cursor and view. */
export function listenToKeys(root: HTMLElement, { moveCursor, pan, zoom, reset }: KeyActions): void {
  root.tabIndex = 0;
  root.addEventListener("keydown", (event) => {
    // Buttons within, as those of the legend, have keys of their own.
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== root) return;
    const step = event.shiftKey ? 10 : 1;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => moveCursor(-step),
      ArrowRight: () => moveCursor(step),
      Home: () => moveCursor(Number.NEGATIVE_INFINITY),
      End: () => moveCursor(Number.POSITIVE_INFINITY),
      PageUp: () => pan(-0.5),
      PageDown: () => pan(0.5),
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      "0": reset,
      Escape: reset,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** The wheel zooms with Ctrl, pans sideways, and otherwise scrolls the page. A pinch on a touchpad is Ctrl + wheel. */
export function listenToWheel(root: HTMLElement, { pan, zoom }: Pick<KeyActions, "pan" | "zoom">): void {
  const onWheel = (event: WheelEvent) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!event.ctrlKey && !event.metaKey && !sideways && !event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY / 200));
    else pan((event.deltaX || event.deltaY) / (2 * root.clientWidth));
  };
  root.addEventListener("wheel", onWheel, { passive: false });
}
