import type { Reporter, TestModule } from "vitest/node";
import { DIRECTIONS } from "./directions.ts";

/** Prints how many frames were compared in each direction. */
export default class FramesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const counts = DIRECTIONS.map((direction) => {
      const frames = tests.reduce((sum, test) => sum + (test.meta().frames?.[direction] ?? 0), 0);
      return `${direction} ${frames}`;
    });
    console.log(`\nframes compared: ${counts.join(", ")}`);
  }
}
