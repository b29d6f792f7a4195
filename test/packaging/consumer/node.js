import * as engine from "lakota/engine";
import * as node from "lakota/node";
import { parseExpression, reduce } from "lakota/query";
import { writeAndRead } from "./rows.js";

console.log(await writeAndRead(engine.openRepo, engine.Schema));
console.log(await writeAndRead(node.openRepo, node.Schema));
console.log(engine.LakotaError === node.LakotaError ? "one error class" : "two error classes");

const answer = reduce(new node.Frame([{ name: "x", type: "float64", data: Float64Array.of(1, 3) }]), {
  m: "(mean self.x)",
});
console.log(answer instanceof engine.Frame, ...answer.get("m"));
try {
  parseExpression("(");
} catch (error) {
  console.log(error instanceof node.LakotaError);
}
