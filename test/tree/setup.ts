// With `--mode trees`, the tests that create collections get those whose tables are trees, unless they ask for others.
import { EngineRepo } from "../../src/engine/repo/repo.ts";

const { createCollection } = EngineRepo.prototype;
EngineRepo.prototype.createCollection = function (schema, label, options) {
  return Reflect.apply(createCollection, this, [schema, label, { table: "tree", ...options }]);
};
