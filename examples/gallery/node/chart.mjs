/**
 * Draws a series to an SVG file, without a DOM:
 *
 *     node chart.mjs REPOSITORY COLLECTION SERIES COLUMN FILE.svg
 *
 * REPOSITORY is a folder, https://host/folder, or s3://bucket/prefix with the usual AWS_* variables.
 */
import { writeFile } from "node:fs/promises";
import { openRepo } from "lakota/node";

const [WIDTH, HEIGHT] = [960, 360];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, WIDTH - 40, 48, HEIGHT - 32];

const STYLE = `
  text { fill: #55585f; font: 12px system-ui, sans-serif }
  .title { fill: #1c1d21; font-size: 16px; font-weight: 600 }
  .grid { stroke: #8884 }
  .line { fill: none; stroke: #a33fb0; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) {
    text { fill: #a9acb3 } .title { fill: #e9e9e6 } .line { stroke: #dd8bea }
  }`;

/** Returns an SVG. The line is broken where rows have no value. */
function draw(title, { x, y }) {
  const values = y.filter((value) => !Number.isNaN(value));
  const [first, last, low, high] = [x[0], x.at(-1), Math.min(...values), Math.max(...values)];
  const toX = (time) => (LEFT + ((time - first) / (last - first || 1)) * (RIGHT - LEFT)).toFixed(1);
  const toY = (value) => (TOP + ((high - value) / (high - low || 1)) * (BOTTOM - TOP)).toFixed(1);
  const ticks = (from, to) => [0, 1, 2, 3, 4, 5].map((i) => from + (i / 5) * (to - from));
  const text = (attributes, content) =>
    `<text ${attributes}>${content.replace(/[<&]/g, (c) => `&#${c.charCodeAt(0)};`)}</text>`;
  const points = Array.from(x, (time, i) => {
    if (Number.isNaN(y[i])) return "";
    return `${i > 0 && !Number.isNaN(y[i - 1]) ? "L" : "M"}${toX(time)},${toY(y[i])}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"><style>${STYLE}</style>`,
    text(`class="title" x="${LEFT}" y="24"`, title),
    ...ticks(low, high).flatMap((value) => [
      `<path class="grid" d="M${LEFT},${toY(value)}H${RIGHT}"/>`,
      text(`x="${LEFT - 8}" y="${toY(value)}" dy="4" text-anchor="end"`, value.toFixed(1)),
    ]),
    ...ticks(first, last).map((time) =>
      text(
        `x="${toX(time)}" y="${HEIGHT - 8}" text-anchor="middle"`,
        new Date(time).toISOString().slice(0, 10),
      ),
    ),
    `<path class="line" d="${points.join("")}"/></svg>\n`,
  ].join("\n");
}

const [uri, label, name, column, file] = process.argv.slice(2);
try {
  if (!file) throw new Error("Usage: node chart.mjs REPOSITORY COLLECTION SERIES COLUMN FILE.svg");
  const repo = await openRepo(uri);
  const series = (await repo.collection(label)).series(name);
  const { rows, columns } = await series.downsample({ points: 2 * (RIGHT - LEFT), columns: [column] });
  repo.close();
  if (rows === 0) throw new Error(`"${name}" has no rows.`);
  await writeFile(file, draw(`${name}, ${column}`, columns[column]));
  console.log(`${file}: ${rows.toLocaleString("en")} rows in ${columns[column].x.length} points`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
