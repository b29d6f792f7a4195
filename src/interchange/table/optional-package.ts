import { LakotaError } from "../../model/errors.ts";

/** Loads a package that users install only if they need it. @throws `unsupported`, naming it, where it is not there */
export async function loadOptionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new LakotaError(
      "unsupported",
      `This needs the package ${name}, which could not be loaded: npm install ${name}`,
      {
        cause,
      },
    );
  }
}
