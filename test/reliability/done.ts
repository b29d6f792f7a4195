import { type Objects, openCopy, openHosted } from "./clean-client.ts";
import { checksumOf } from "./rows.ts";

const collectionOf = (objects: Objects, label: string) =>
  openCopy(objects, "repo").then((repo) => repo.collection(label));

/** What a clean client must see, besides the rows, once an operation has succeeded, by the operation's name. */
export const done: Readonly<Record<string, (objects: Objects) => Promise<unknown>>> = {
  merge: async (objects) =>
    (await (await collectionOf(objects, "forked")).log()).filter(({ head }) => head).length,
  trim: async (objects) => (await (await collectionOf(objects, "t")).log()).length,
  defrag: async (objects) => (await (await collectionOf(objects, "worn")).defrag({ dryRun: true })).series,
  gc: async (objects) => {
    const report = await (await openCopy(objects, "repo")).gc({ dryRun: true, grace: 0 });
    return report.setAside.files;
  },
  publish: async (objects) => {
    const hosted = await openHosted(objects, "repo");
    return [await hosted.ls(), await checksumOf((await hosted.collection("t")).series("a"))];
  },
};
