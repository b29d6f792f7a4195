/** `lakota/node`: the engine, files, and credentials from the environment. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenOptions, openRepo as openAnywhere } from "./engine.ts";
import type { Repo } from "./model/api.ts";
import { FileStore } from "./stores/file.ts";
import type { Credentials } from "./stores/s3.ts";

export type { EngineOptions, OpenOptions, StoreOptions } from "./engine.ts";
export * from "./model/public.ts";

/**
 * Opens a repository as `lakota/engine` does, and also `file:///folder` and plain paths. Credentials of S3 are taken
 * from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`,
 * `AWS_ENDPOINT_URL`) where the options do not tell.
 *
 * @example
 * const repo = await openRepo("data/weather");
 */
export function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  return openAnywhere(uri, {
    ...fromEnvironment(),
    ...options,
    schemes: { file: openFolder, ...options.schemes },
  });
}

function openFolder(uri: string): FileStore {
  if (uri.startsWith("file:")) return new FileStore(fileURLToPath(uri));
  return new FileStore(resolve(uri.replace(/^~(?=\/|$)/, homedir())));
}

function fromEnvironment(): OpenOptions {
  const {
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
    AWS_REGION,
    AWS_DEFAULT_REGION,
    AWS_ENDPOINT_URL,
  } = process.env;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  const credentials: Credentials | undefined =
    AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY
      ? {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        }
      : undefined;
  return {
    ...(region && { region }),
    ...(AWS_ENDPOINT_URL && { endpoint: AWS_ENDPOINT_URL }),
    ...(credentials && { credentials }),
  };
}
