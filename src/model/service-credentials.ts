import type { Credentials, CredentialsInput } from "./credentials.ts";
import { LakotaError } from "./errors.ts";

const ADVICE =
  "Pass { accessKeyId, secretAccessKey, sessionToken }, or what STS or Cognito returns as `Credentials`.";

/**
 * Returns keys in our spelling, whatever their spelling is.
 *
 * @throws `invalid-argument` for keys that are incomplete, naming what they lack
 */
export function normalCredentials(keys: CredentialsInput): Credentials {
  const given: CredentialsInput = keys?.Credentials ?? keys;
  const accessKeyId = given?.accessKeyId || given?.AccessKeyId;
  const secretAccessKey = given?.secretAccessKey || given?.SecretAccessKey || given?.SecretKey;
  if (!accessKeyId || !secretAccessKey) {
    const names = [!accessKeyId && "accessKeyId", !secretAccessKey && "secretAccessKey"].filter(Boolean);
    throw new LakotaError("invalid-argument", `credentials lack ${names.join(" and ")}. ${ADVICE}`);
  }
  const sessionToken = given?.sessionToken ?? given?.SessionToken;
  const expiration = given?.expiration ?? given?.Expiration;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    ...(expiration !== undefined && { expiration }),
  };
}
