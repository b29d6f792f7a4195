import { formatValue } from "../page/format.ts";
import type { Aligned } from "./align-points.ts";
import { type BarLayout, hasSpaceForBars } from "./bars.ts";
import type { ChangeMark, Line, LineShape, XRange } from "./chart-data.ts";
import { minMax } from "./extremes.ts";

/** One line of a panel. */
export interface PanelLine extends Line {
  /** Index of its colour in the theme. */
  colour: number;
}

/** What a panel draws. */
export interface PanelContent {
  xs: number[];
  /** The values of each line of the panel. */
  lines: Aligned["lines"];
  /** The x of points that are none: there a filter hides rows. */
  hiddenAt: ReadonlySet<number>;
  /** Names of the lines that are not drawn. */
  hidden: readonly string[];
  /** How all lines are drawn; undefined: as suits each of them. */
  shape: LineShape | undefined;
  /** Whether the user wants the y axis to be logarithmic. */
  log: boolean;
  /** Whether points are means rather than rows. */
  means: boolean;
  /** Whether the extremes of means are drawn, unless lines are bars. */
  extremes: boolean;
  /** Whether points are the starts of calendar units. */
  resampled: boolean;
  /** The distance between two points. */
  spacing: number;
  marks: readonly ChangeMark[];
  view: XRange;
  width: number;
  height: number;
  time: boolean;
  /** Whose clocks times are shown by. */
  zone: string;
  /** The smallest distance between two rows. */
  step: number;
  /** Whether it is the lowest panel of the chart, which has the labels of the x axis. */
  last: boolean;
}

/** How the lines of a panel are drawn: what the user wants, where the content allows it. */
export class PanelStyle {
  readonly #lines: readonly PanelLine[];
  readonly #content: PanelContent;

  constructor(lines: readonly PanelLine[], content: PanelContent) {
    this.#lines = lines;
    this.#content = content;
  }

  isHidden(line: number): boolean {
    return this.#content.hidden.includes(this.#lines[line]!.name);
  }

  /** Whether the values are true and false only. */
  get isBool(): boolean {
    return this.#lines.every(({ bool }) => bool);
  }

  /** Whether all values are positive, so that they have logarithms. */
  get canBeLog(): boolean {
    if (this.isBool) return false;
    const { extremes } = this.#content;
    const values = this.#shownValues.map(({ y, low }) => (extremes ? low : y));
    return values.every((all) => all.every((value) => value === null || value === undefined || value > 0));
  }

  get isLog(): boolean {
    return this.#content.log && this.canBeLog;
  }

  /** Whether there is space for bars in the view. */
  get canHaveBars(): boolean {
    const { view, spacing, width } = this.#content;
    return hasSpaceForBars(view[1] - view[0], spacing, width);
  }

  /** How each line is drawn. */
  get shapes(): LineShape[] {
    const { shape: wanted } = this.#content;
    const isPossible = wanted !== "bars" || this.canHaveBars;
    return this.#lines.map(({ shape }) => (isPossible && wanted) || shape);
  }

  get hasBars(): boolean {
    return this.shapes.includes("bars");
  }

  /** Whether each line has a band from its lowest to its highest values. */
  get isBanded(): boolean {
    const { means, extremes } = this.#content;
    return means && extremes && !this.hasBars;
  }

  get barLayout(): BarLayout {
    const { spacing, resampled } = this.#content;
    return { spacing, fromStart: resampled, slots: Math.max(1, this.#shownNames.length) };
  }

  /** Returns the place of a line among the bars at a point; undefined if it is hidden. */
  slotOf(name: string): number | undefined {
    const slot = this.#shownNames.indexOf(name);
    return slot < 0 ? undefined : slot;
  }

  /** The part of the x axis that is drawn: bars at both ends are drawn whole. */
  get xRange(): [number, number] {
    const { view, spacing, resampled } = this.#content;
    const margin = this.hasBars && !resampled ? spacing / 2 : 0;
    return [view[0] - margin, view[1] + margin];
  }

  /** Returns a range of values, extended to zero if lines are bars. */
  withZero(low: number | null, high: number | null): [number | null, number | null] {
    if (low === null || high === null || this.isLog || !this.hasBars) return [low, high];
    return [Math.min(0, low), Math.max(0, high)];
  }

  /** Says how far the extremes reach that are not drawn; empty if all are. */
  get note(): string {
    const shown = this.#shownValues;
    if (!this.#content.means || this.isBanded || shown.length === 0) return "";
    const [low, high] = minMax(shown.flatMap((line) => [...line.low, ...line.high]));
    return `Not drawn: extremes from ${formatValue(low)} to ${formatValue(high)}`.replaceAll("-", "−");
  }

  get #shownNames(): string[] {
    return this.#lines.filter((_, i) => !this.isHidden(i)).map(({ name }) => name);
  }

  get #shownValues(): PanelContent["lines"] {
    return this.#content.lines.filter((_, i) => !this.isHidden(i));
  }
}
