/**
 * Folder of the overviews of a repo. Four levels deep, where Python Lakota's gc does not look; no host hides a folder of
 * this name.
 */
export const OVERVIEWS_FOLDER = "lakota/overviews/v1/";

/** Path of an overview by its name. */
export const overviewPath = (name: string): string => OVERVIEWS_FOLDER + name;

/** Whether a path is that of an overview. */
export const isOverviewPath = (path: string): boolean => /^lakota\/overviews\/v1\/[0-9a-f]{40}$/.test(path);
