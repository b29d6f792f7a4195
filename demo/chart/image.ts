import { resolvedColour } from "./theme.ts";

/** The name of a line in a picture. */
export interface PictureKey {
  text: string;
  /** A CSS colour. */
  colour: string;
  dash: readonly number[] | undefined;
}

/** A panel of a picture. */
export interface PicturePanel {
  keys: readonly PictureKey[];
  /** What the panel does not draw. */
  note: string;
  canvas: HTMLCanvasElement;
}

/** What a picture says besides its panels. */
export interface PictureTexts {
  title: string;
  /** The visible part of the x axis. */
  range: string;
  /** How the rows are drawn, and where they come from. */
  captions: readonly string[];
}

/** In CSS pixels. */
const MARGIN = 16;
const LINE = 22;

/**
 * Returns panels as one image, with what one has to know to read it: the title, the range, names and units of the lines, and
 * what is not drawn.
 */
export function drawPicture(panels: readonly PicturePanel[], texts: PictureTexts): HTMLCanvasElement {
  const style = getComputedStyle(document.documentElement);
  const [ink, muted] = [resolvedColour("--ink"), resolvedColour("--muted")];
  const scale = devicePixelRatio;
  const widest = Math.max(1, ...panels.map(({ canvas }) => canvas.width / scale));
  const heights = panels.reduce((sum, { canvas }) => sum + LINE + canvas.height / scale + 8, 0);
  const image = document.createElement("canvas");
  image.width = Math.ceil((widest + 2 * MARGIN) * scale);
  image.height = Math.ceil((2 * MARGIN + 2.4 * LINE + heights + texts.captions.length * LINE) * scale);
  const context = image.getContext("2d");
  if (!context) throw new Error("This browser cannot create a canvas.");
  context.scale(scale, scale);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, image.width, image.height);
  context.textBaseline = "middle";
  const write = (text: string, x: number, y: number, font: string, colour = ink) => {
    context.font = `${font} ${style.fontFamily}`;
    context.fillStyle = colour;
    context.fillText(text, x, y);
    return x + context.measureText(text).width;
  };
  let y = MARGIN + LINE / 2;
  write(texts.title, MARGIN, y, "650 18px");
  y += LINE;
  write(texts.range, MARGIN, y, "13px", muted);
  y += 0.9 * LINE;
  for (const { keys, note, canvas } of panels) {
    let x = MARGIN;
    for (const { text, colour, dash } of keys) {
      context.strokeStyle = colour;
      context.lineWidth = 3;
      context.setLineDash(dash ? dash.map((length) => length / 2) : []);
      context.beginPath();
      context.moveTo(x, y + LINE / 2);
      context.lineTo(x + 14, y + LINE / 2);
      context.stroke();
      x = write(text, x + 20, y + LINE / 2, "600 13px") + 18;
    }
    if (note) write(note, x, y + LINE / 2, "13px", muted);
    y += LINE;
    context.drawImage(canvas, MARGIN, y, canvas.width / scale, canvas.height / scale);
    y += canvas.height / scale + 8;
  }
  for (const caption of texts.captions) {
    write(caption, MARGIN, y + LINE / 2, "13px", muted);
    y += LINE;
  }
  return image;
}
