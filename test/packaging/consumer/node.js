import * as engine from "lakota/engine";
import * as node from "lakota/node";
import { writeAndRead } from "./rows.js";

console.log(await writeAndRead(engine.openRepo, engine.Schema));
console.log(await writeAndRead(node.openRepo, node.Schema));
console.log(engine.LakotaError === node.LakotaError ? "one error class" : "two error classes");
