import { byId } from "../page/dom.ts";
import { nameMoment } from "../state/moment.ts";
import type { Chart } from "./chart.ts";
import type { View } from "./describe-view.ts";

/** The buttons above a chart, its caption, and the display of the cursor. */
export class ChartControls {
  readonly #cursor = byId("cursor");
  readonly #detail = byId("view");
  #range = "";

  constructor(chart: Chart) {
    const actions: Record<string, () => void> = {
      earlier: () => chart.pan(-0.5),
      later: () => chart.pan(0.5),
      in: () => chart.zoom(0.5),
      out: () => chart.zoom(2),
      reset: () => chart.reset(),
    };
    byId("zoom").addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-zoom]") : null;
      actions[button?.dataset.zoom ?? ""]?.();
    });
  }

  /**
   * @param moment id of the revision before which the data are shown; undefined for the current state
   */
  show(view: View, moment?: string): void {
    this.#range = view.range;
    this.showCursor("");
    const state = moment && `The state ${nameMoment(moment)} UTC.`;
    const zone = view.time && `Times are ${view.zone}.`;
    this.#detail.textContent = [state, view.detail, zone].filter(Boolean).join(" ");
    byId("reset", "button").disabled = !view.zoomed;
  }

  /** The visible part of the x axis, as text. */
  get range(): string {
    return this.#range;
  }

  /** How the rows are drawn. */
  get detail(): string {
    return this.#detail.textContent;
  }

  /** Shows the cursor's x; without a cursor, the visible range. */
  showCursor(text: string): void {
    this.#cursor.textContent = text || this.#range;
  }
}
