import { Schema } from "lakota/engine";
import { cols, formatExpression, gt, parseExpression } from "lakota/query";
import { expect, test } from "vitest";

test("cols has the columns of a schema by name, whatever they are called", () => {
  const schema = new Schema({ t: "timestamp*", "wind speed": "float", constructor: "int" });
  const columns = cols(schema);
  expect(Object.keys(columns)).toEqual(["t", "wind speed", "constructor"]);
  expect(gt(columns["wind speed"], 10)).toEqual(parseExpression("`wind speed` > 10"));
  expect(formatExpression(columns.constructor, "infix")).toBe("constructor");
});
