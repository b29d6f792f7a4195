import { defineCommand } from "../command.ts";
import { packageVersion } from "../package.ts";

export const version = defineCommand({
  name: "version",
  summary: "Print the version",
  examples: [{ command: "lakota version", about: "" }],
  async run(context) {
    await context.out.line(packageVersion());
    return 0;
  },
});
