/** `lakota/node`: the engine, files, and credentials from the environment. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenOptions, openRepo as openAnywhere } from "./engine.ts";
import type { Repo } from "./model/api.ts";
import { FileStore } from "./stores/file/file-store.ts";
import { awsSettings } from "./stores/s3/aws-config.ts";

export type { EngineOptions, OpenOptions, StoreOptions } from "./engine.ts";
export * from "./model/public.ts";

/**
 * Opens a repository as `lakota/engine` does, and also `file:///folder` and plain paths.
 *
 * Where the options do not tell, S3's credentials, region and endpoint are taken from where AWS's tools look: the
 * variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`
 * (`AWS_ENDPOINT_URL_S3`); then the profile `AWS_PROFILE`, or `default`, of `~/.aws/credentials` and `~/.aws/config`
 * (`AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE`): its keys, `region` and `endpoint_url`.
 *
 * @example
 * const repo = await openRepo("data/weather");
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  return openAnywhere(uri, {
    ...(await fromEnvironment()),
    ...options,
    schemes: { file: openFolder, ...options.schemes },
  });
}

function openFolder(uri: string): FileStore {
  if (uri.startsWith("file:")) return new FileStore(fileURLToPath(uri));
  return new FileStore(resolve(uri.replace(/^~(?=\/|$)/, homedir())));
}

async function fromEnvironment(): Promise<OpenOptions> {
  const { AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE } = process.env;
  const [credentials, config] = await Promise.all([
    textOf(AWS_SHARED_CREDENTIALS_FILE || join(homedir(), ".aws/credentials")),
    textOf(AWS_CONFIG_FILE || join(homedir(), ".aws/config")),
  ]);
  return awsSettings(process.env, { credentials, config });
}

/** A file that is not there, or not for this user, says nothing. */
const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);
