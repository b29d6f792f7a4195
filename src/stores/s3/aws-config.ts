import { LakotaError } from "../../model/errors.ts";
import type { S3Options } from "./s3-store.ts";
import type { Credentials } from "./signer.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Profile = ReadonlyMap<string, string>;

/** Contents of AWS's two configuration files, as far as they exist. */
export interface AwsFiles {
  /** `~/.aws/credentials` */
  credentials?: string | undefined;
  /** `~/.aws/config` */
  config?: string | undefined;
}

/**
 * Returns the options that AWS's tools would take from the environment: from variables, then from the profile
 * `AWS_PROFILE` or `default`. For a profile without keys, `credentials` is a function that throws when it is
 * called, so that a repo which needs no keys can be opened.
 */
export function awsSettings(variables: Variables, files: AwsFiles): S3Options {
  const profile = chosenProfile(variables, files);
  const region = variables.AWS_REGION || variables.AWS_DEFAULT_REGION || profile.values.get("region");
  const endpoint =
    variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL || profile.values.get("endpoint_url");
  const credentials =
    keys(variables.AWS_ACCESS_KEY_ID, variables.AWS_SECRET_ACCESS_KEY, variables.AWS_SESSION_TOKEN) ??
    profileKeys(profile);
  return {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  };
}

interface ChosenProfile {
  name: string;
  /** Whether a variable names it. */
  named: boolean;
  found: boolean;
  values: Profile;
}

function chosenProfile({ AWS_PROFILE, AWS_DEFAULT_PROFILE }: Variables, files: AwsFiles): ChosenProfile {
  const named = AWS_PROFILE || AWS_DEFAULT_PROFILE;
  const name = named || "default";
  const config = parseIni(files.config ?? "");
  const parts = [
    config.get(`profile ${name}`) ?? (name === "default" ? config.get(name) : undefined),
    parseIni(files.credentials ?? "").get(name), // overrides config
  ];
  return {
    name,
    named: named !== undefined && named !== "",
    found: parts.some((part) => part !== undefined),
    values: new Map(parts.flatMap((part) => [...(part ?? [])])),
  };
}

/** Returns the keys of a profile, or a function that throws for a profile without usable keys. */
function profileKeys({ name, named, found, values }: ChosenProfile): S3Options["credentials"] {
  const profile = keys(
    values.get("aws_access_key_id"),
    values.get("aws_secret_access_key"),
    values.get("aws_session_token"),
  );
  if (profile) return profile;
  const other = [...values.keys()].find((key) =>
    /^(sso_|role_arn|credential_process|web_identity)/.test(key),
  );
  const failWith =
    (code: "invalid-argument" | "unsupported", message: string) => async (): Promise<never> => {
      throw new LakotaError(code, message);
    };
  if (other) {
    const advice = `eval "$(aws configure export-credentials --profile ${name} --format env)"`;
    return failWith(
      "unsupported",
      `The AWS profile "${name}" gets its keys by ${other}, which is not supported. Put the keys into the environment: ${advice}`,
    );
  }
  if (named && !found)
    return failWith(
      "invalid-argument",
      `AWS_PROFILE is "${name}", and AWS's credentials and config files have no such profile.`,
    );
  return undefined;
}

function keys(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): Credentials | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** Parses sections of `name = value` lines. Indented lines are nested settings, none of which is needed. */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line) || /^\s/.test(line)) continue;
    const heading = /^\[([^\]]*)\]/.exec(line);
    if (heading) {
      const name = heading[1]!.trim().replace(/\s+/, " ").replaceAll('"', "");
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const equals = line.indexOf("=");
    const value = line.slice(equals + 1).replace(/\s[#;].*/, "");
    if (equals > 0 && value.trim()) section.set(line.slice(0, equals).trim().toLowerCase(), value.trim());
  }
  return sections;
}
