/**
 * `lakota/interchange/node`: all of `lakota/interchange`, and folders of this machine to import from and export to.
 *
 * @module
 */

export { filesIn, folderSink } from "./interchange/files/folder.ts";
export * from "./interchange.ts";
