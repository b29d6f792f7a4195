import { describeResample } from "../data/resample.ts";
import { byId } from "../page/dom.ts";
import { placeBelowButton } from "../page/popover-menu.ts";
import type { Page } from "../state/page-state.ts";
import { titleOf } from "../state/page-state.ts";
import type { RowFormat } from "./formats.ts";

const KINDS = ["csv", "parquet", "arrow", "json", "png", "svg"] as const;
export type ExportKind = RowFormat | "png" | "svg";

/** The menu of what can be exported. */
export class ExportMenu {
  readonly #menu = byId("export-menu");

  constructor(onExport: (kind: ExportKind) => void) {
    placeBelowButton("export-menu");
    this.#menu.addEventListener("click", ({ target }) => {
      const name = target instanceof HTMLElement ? target.dataset.export : undefined;
      const kind = KINDS.find((each) => each === name);
      if (!kind) return;
      this.#menu.hidePopover();
      onExport(kind);
    });
  }

  /** Says what is exported. @param range the visible part of the x axis */
  show(page: Page, range: string): void {
    const { shown } = page;
    byId("export-pictures").hidden = !shown?.chart;
    if (!shown) return;
    const { resample, where, chart, columns } = shown;
    byId("export-what").textContent = [
      titleOf(page),
      chart && range,
      resample && chart?.time ? describeResample(resample).toLowerCase() : `columns ${columns.join(", ")}`,
      where !== undefined && `only rows with ${where}`,
    ]
      .filter(Boolean)
      .join("; ");
  }
}
