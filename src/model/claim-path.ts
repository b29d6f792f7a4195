/**
 * Folder of the claims of labels. Four levels deep, where Python Lakota's gc does not look; no host hides a folder of
 * this name.
 */
const CLAIMS_FOLDER = "lakota/claims/v1/";

const CLAIM = /^lakota\/claims\/v1\/[0-9a-f]{40}-(0|[1-9][0-9]{0,8})$/;

/** Start of the paths of all claims of a label, by the SHA-1 of the label. A number follows. */
export const claimsPrefix = (digest: string): string => `${CLAIMS_FOLDER}${digest}-`;

/** Returns the number in the path of a claim; undefined for other files. */
export function claimNumber(path: string): number | undefined {
  const digits = CLAIM.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
