import type { PictureKey, PicturePanel } from "./image.ts";
import { type PanelContent, type PanelLine, PanelStyle } from "./panel-content.ts";
import type { SvgPanel } from "./svg.ts";
import { dashOf, OTHER_STATE_DASH, panelTheme } from "./theme.ts";

/** A panel as it is drawn on the page. */
export interface DrawnPanel {
  readonly element: Element;
  readonly lines: readonly PanelLine[];
  readonly content: PanelContent;
  readonly canvas: HTMLCanvasElement;
  /** The range of the y axis. */
  readonly range: readonly [low: number, high: number];
}

/** Returns a panel as part of an image. */
export function picturePanel(panel: DrawnPanel): PicturePanel {
  const style = new PanelStyle(panel.lines, panel.content);
  const keys = keysOf(panel).filter((_, i) => !style.isHidden(i));
  return { keys, note: style.note, canvas: panel.canvas };
}

/** Returns a panel as part of an SVG file. */
export function svgPanel(panel: DrawnPanel): SvgPanel {
  const { content } = panel;
  const style = new PanelStyle(panel.lines, content);
  const [keys, shapes] = [keysOf(panel), style.shapes];
  const lines = content.lines.map(({ y, low, high }, i) => ({
    key: keys[i]!,
    shape: shapes[i]!,
    y,
    band: style.isBanded ? { low, high } : undefined,
  }));
  return {
    xs: content.xs,
    lines: lines.filter((_, i) => !style.isHidden(i)),
    note: style.note,
    y: { range: panel.range, log: style.isLog, bool: style.isBool },
    bars: style.barLayout,
    height: content.height,
  };
}

function keysOf({ element, lines }: DrawnPanel): PictureKey[] {
  const theme = panelTheme(element);
  return lines.map(({ name, unit, colour, otherStateOf }) => ({
    text: unit ? `${name} (${unit})` : name,
    colour: theme.lines[colour % theme.lines.length]!,
    dash: otherStateOf === undefined ? dashOf(colour) : OTHER_STATE_DASH,
  }));
}
