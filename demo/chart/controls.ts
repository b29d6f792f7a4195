import type { Revision } from "lakota";
import { byId } from "../page/dom.ts";
import { formatTime } from "../page/format.ts";
import type { Chart, View } from "./chart.ts";

/** The buttons above a chart, and the words around it. */
export class ChartControls {
  readonly #cursor = byId("cursor", HTMLElement);
  /** Which part of the x axis is seen, in words. */
  #span = "";

  constructor(chart: Chart) {
    const extremes = byId("extremes", HTMLButtonElement);
    const actions: Record<string, () => void> = {
      earlier: () => chart.pan(-0.5),
      later: () => chart.pan(0.5),
      in: () => chart.zoom(0.5),
      out: () => chart.zoom(2),
      reset: () => chart.reset(),
      extremes: () => {
        chart.extremes = extremes.getAttribute("aria-pressed") !== "true";
      },
    };
    byId("zoom", HTMLElement).addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-zoom]") : null;
      actions[button?.dataset.zoom ?? ""]?.();
    });
  }

  /**
   * @param clock what times are by
   * @param before the state right before this revision is seen; undefined: the current one
   */
  show(
    { range: span, detail, zoomed, means: thinned, extremes }: View,
    clock = "UTC",
    before?: Revision,
  ): void {
    this.#span = span;
    this.showCursor("");
    const then = before && `As it was before ${formatTime(before.time.getTime(), 1000)} UTC.`;
    byId("view", HTMLElement).textContent = [then, detail, `Times are ${clock}.`].filter(Boolean).join(" ");
    byId("reset", HTMLButtonElement).disabled = !zoomed;
    const button = byId("extremes", HTMLButtonElement);
    button.hidden = !thinned;
    button.setAttribute("aria-pressed", String(extremes));
  }

  /** Where the cursor is; where it is nowhere, all that is seen. */
  showCursor(text: string): void {
    this.#cursor.textContent = text || this.#span;
  }
}
