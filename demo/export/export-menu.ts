import { describeResample } from "../data/resample.ts";
import { byId } from "../page/dom.ts";
import { placeBelowButton } from "../page/popover-menu.ts";
import type { Page } from "../state/page-state.ts";
import { titleOf } from "../state/page-state.ts";
import type { RowFormat } from "./formats.ts";

const KINDS = ["csv", "parquet", "arrow", "json", "png", "svg"] as const;
export type ExportKind = RowFormat | "png" | "svg";

/** Milliseconds for which the button says that the link was copied. */
const NOTICE = 2_000;

/** The menu of what can be exported, and the button that copies the link. */
export class ExportMenu {
  readonly #menu = byId("export-menu");
  readonly #link = byId("copy-link", "button");
  #notice: ReturnType<typeof setTimeout> | undefined;

  /** @param announce reads a sentence aloud */
  constructor(onExport: (kind: ExportKind) => void, announce: (sentence: string) => void) {
    placeBelowButton("export-menu");
    this.#menu.addEventListener("click", ({ target }) => {
      const name = target instanceof HTMLElement ? target.dataset.export : undefined;
      const kind = KINDS.find((each) => each === name);
      if (!kind) return;
      this.#menu.hidePopover();
      onExport(kind);
    });
    this.#link.addEventListener("click", () => void this.#copyLink(announce));
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

  async #copyLink(announce: (sentence: string) => void): Promise<void> {
    clearTimeout(this.#notice);
    try {
      await navigator.clipboard.writeText(location.href);
      this.#link.textContent = "Copied";
      announce("The link was copied.");
    } catch {
      this.#link.textContent = "Copy the address";
      announce("The browser does not let the page copy: copy the address of the page.");
    }
    this.#notice = setTimeout(() => {
      this.#link.textContent = "Copy link";
    }, NOTICE);
  }
}
