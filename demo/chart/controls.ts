import type { Revision } from "lakota";
import { byId } from "../page/dom.ts";
import { formatTime } from "../page/format.ts";
import type { Chart, View } from "./chart.ts";

/** The buttons above a chart, its caption, and the display of the cursor. */
export class ChartControls {
  readonly #cursor = byId("cursor", HTMLElement);
  /** The visible part of the x axis, as text. */
  #range = "";

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
   * @param timeZone of the times on the x axis
   * @param before the state before this revision is shown; undefined for the current state
   */
  show({ range, detail, zoomed, means, extremes }: View, timeZone = "UTC", before?: Revision): void {
    this.#range = range;
    this.showCursor("");
    const state = before && `As it was before ${formatTime(before.time.getTime(), 1000)} UTC.`;
    byId("view", HTMLElement).textContent = [state, detail, `Times are ${timeZone}.`]
      .filter(Boolean)
      .join(" ");
    byId("reset", HTMLButtonElement).disabled = !zoomed;
    const button = byId("extremes", HTMLButtonElement);
    button.hidden = !means;
    button.setAttribute("aria-pressed", String(extremes));
  }

  /** Shows the cursor's x; without a cursor, the visible range. */
  showCursor(text: string): void {
    this.#cursor.textContent = text || this.#range;
  }
}
