import { LakotaError } from "../../model/errors.ts";

/**
 * Loads a package that users install only for the formats that need it.
 *
 * @throws `unsupported`, naming the package, where it is not installed
 */
export async function loadOptionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = `This needs the package ${name}, which could not be loaded: npm install ${name}`;
    throw new LakotaError("unsupported", message, { cause });
  }
}
