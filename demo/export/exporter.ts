import type { Chart } from "../chart/chart.ts";
import type { PictureTexts } from "../chart/image.ts";
import { connectionName } from "../connection/connect.ts";
import { sourceText } from "../page/collection-info.ts";
import type { ProgressBar } from "../page/progress-bar.ts";
import { type Page, titleOf } from "../state/page-state.ts";
import type { ExportKind } from "./export-menu.ts";
import { fileName } from "./file-name.ts";
import { save, toPng } from "./save.ts";

export interface ExporterOptions {
  chart: Chart;
  progress: ProgressBar;
  /** Returns what the chart says about itself: the visible part of the x axis, and how it is drawn. */
  captions(): { range: string; detail: string };
  failed(error: unknown): void;
}

/** Saves what is shown as files, one at a time: another export ends the former. */
export class Exporter {
  readonly #options: ExporterOptions;
  #exporting: AbortController | undefined;

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  /** Ends the export that is under way. Returns whether there was one. */
  cancel(): boolean {
    this.#exporting?.abort();
    return this.#exporting !== undefined;
  }

  async export(kind: ExportKind, page: Page): Promise<void> {
    const { shown } = page;
    const { progress, failed } = this.#options;
    if (!shown) return;
    this.#exporting?.abort();
    const exporting = new AbortController();
    this.#exporting = exporting;
    const { signal } = exporting;
    progress.start();
    try {
      const blob = await this.#encode(kind, page, signal);
      if (blob && !signal.aborted) save(blob, fileName(shown, kind));
    } catch (error) {
      if (!signal.aborted) failed(error);
    } finally {
      if (this.#exporting === exporting) {
        this.#exporting = undefined;
        progress.end();
      }
    }
  }

  async #encode(kind: ExportKind, page: Page, signal: AbortSignal): Promise<Blob | undefined> {
    const { chart, progress } = this.#options;
    const { open, shown, target } = page;
    if (kind === "png") return toPng(chart.image(this.#texts(page)));
    if (kind === "svg") {
      const svg = await chart.svg(this.#texts(page));
      return svg === undefined ? undefined : new Blob([svg], { type: "image/svg+xml" });
    }
    if (!open || !shown) return undefined;
    const [{ FORMATS }, { exportFrames }] = await Promise.all([
      import("./formats.ts"),
      import("./export-frames.ts"),
    ]);
    const frames = exportFrames({
      schema: open.collection.schema,
      shown,
      before: target.moment,
      signal,
      onProgress: (read) => progress.show(read),
    });
    const { type, encode } = FORMATS[kind];
    return new Blob(await encode(frames, shown.zone, signal), { type });
  }

  /** Returns what a picture says besides its chart, so that it can be understood without the page. */
  #texts(page: Page): PictureTexts {
    const { open, target } = page;
    const { range, detail } = this.#options.captions();
    const source = (open && sourceText(open.info)) ?? connectionName(page.settings);
    const filter = target.where === undefined ? "" : `Only rows with ${target.where}.`;
    return {
      title: [target.collection, titleOf(page)].filter(Boolean).join(": "),
      range,
      captions: [detail, filter, source].filter(Boolean),
    };
  }
}
