/** `npm run gallery [-- --port 5195]` */
import { parseArgs } from "node:util";
import { findFreePort } from "../../demo/server/free-port.ts";
import { serveGallery } from "./serve.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "5195" } } });
const port = await findFreePort(Number(values.port), (taken) =>
  console.log(`Port ${taken} is taken; trying ${taken + 1}.`),
);
const { url } = await serveGallery({ port, log: console.log });
console.log(`
  The gallery is at ${url}/

    ${url}/plain/             uPlot, no bundler
    ${url}/react/             React
    ${url}/observable-plot/   Observable Plot
    ${url}/node/chart.svg     drawn in Node

  Press Ctrl-C to stop it.`);
