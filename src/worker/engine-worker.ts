/** The script of a repo's worker; `worker.js` in dist/. */
import { Host } from "./host.ts";

new Host(self);
