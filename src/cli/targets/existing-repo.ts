import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Context } from "../context.ts";

/**
 * Opens the repo of a verb that needs one. A repo that has no collections, since all were deleted, is one.
 *
 * @throws `not-found` where nothing is, so that a mistyped address does not look like an empty repo
 */
export async function existingRepo(
  context: Context,
  options: Parameters<Context["repo"]>[0] = {},
): Promise<EngineRepo> {
  await context.checkName();
  const repo = await context.repo(options);
  await checkExists(repo, context.signal);
  return repo;
}

/** @throws `not-found` if there is no repo: its registry has no revision */
export async function checkExists(repo: EngineRepo, signal: AbortSignal): Promise<void> {
  // What is wrong with a store or a registry is for the verb to tell: some read on without the store, or report the damage.
  const revisions = await repo.registry.collection.log({ signal, limit: 1 }).catch(() => undefined);
  if (!revisions || revisions.length > 0) return;
  const advice =
    "Choose another one with --repo, or make one: `lakota create` and `lakota write --create` do.";
  throw new LakotaError("not-found", `There is no repository at ${await placeText(repo.uri)}. ${advice}`);
}

/** Returns an address with what is there instead of a repo, as far as that is a matter of this machine. */
async function placeText(uri: string): Promise<string> {
  if (!uri.startsWith("file:")) return uri;
  const path = fileURLToPath(uri);
  const info = await stat(path).catch(() => undefined);
  if (!info) return `${path}, which does not exist`;
  return info.isDirectory() ? `${path}, a folder of something else` : `${path}, which is a file`;
}
