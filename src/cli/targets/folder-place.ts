import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn, folderSink } from "../../interchange/files/folder.ts";
import { LakotaError } from "../../model/errors.ts";
import type { FilePlace } from "./file-place.ts";

/** A folder of this machine. */
export function folderPlace(root: string): FilePlace {
  return {
    name: root,
    async list() {
      const info = await stat(root).catch(() => undefined);
      if (!info) throw new LakotaError("not-found", `There is no folder ${root}.`);
      if (!info.isDirectory()) {
        const message = `${root} is a file. Write it with \`lakota write COLLECTION/SERIES ${root} --create\`.`;
        throw new LakotaError("invalid-argument", message);
      }
      const folders: string[] = [];
      const files: string[] = [];
      for (const name of (await readdir(root)).sort()) {
        if (name.startsWith(".")) continue;
        const isFolder = (await stat(join(root, name)).catch(() => undefined))?.isDirectory();
        (isFolder ? folders : files).push(name);
      }
      return { folders, files };
    },
    filesIn: (folder) => filesIn(join(root, folder)),
    read: (folder, name) => readFile(join(root, folder, name), "utf8").catch(() => undefined),
    async write(folder, name, text) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, name), text);
    },
    sink: (folder) => folderSink(join(root, folder)),
  };
}
