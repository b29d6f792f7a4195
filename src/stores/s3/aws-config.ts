import type { Credentials } from "../../model/credentials.ts";
import { LakotaError } from "../../model/errors.ts";
import type { S3Options } from "./s3-store.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Profile = ReadonlyMap<string, string>;

/** Contents of AWS's two configuration files, as far as they exist. */
export interface AwsFiles {
  /** `~/.aws/credentials` */
  credentials?: string | undefined;
  /** `~/.aws/config` */
  config?: string | undefined;
}

type FetchKeys = () => Promise<Credentials>;

/** What is used of `@aws-sdk/credential-providers`. Declared here because it may not be installed. */
interface Providers {
  fromIni(init: { profile: string; ignoreCache: true } & ParentConfig): FetchKeys;
  fromTokenFile(init: ParentConfig): FetchKeys;
  fromHttp(): FetchKeys;
}

/** Settings of the clients that fetch keys. */
interface ParentConfig {
  parentClientConfig: { region: string };
}

type LoadProviders = () => Promise<Providers>;

const PACKAGE = "@aws-sdk/credential-providers";

/** Region whose service assumes roles where none is set: the package's default, of which it warns on the console. */
const STS_REGION = "us-east-1";

/**
 * Returns the options that AWS's tools would take from the environment: from variables, then from the profile
 * `AWS_PROFILE` or `default`, then from the variables of a container.
 *
 * Keys that must be fetched first, such as those of a role or of IAM Identity Center, are a function, which loads
 * {@link Providers} when it is called. So is what is missing: a repo that needs no keys can be opened.
 *
 * @param loadProviders imports `@aws-sdk/credential-providers`, which may not be installed
 */
export function awsSettings(variables: Variables, files: AwsFiles, loadProviders: LoadProviders): S3Options {
  const profile = chosenProfile(variables, files);
  const region = variables.AWS_REGION || variables.AWS_DEFAULT_REGION || profile.values.get("region");
  const endpoint =
    variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL || profile.values.get("endpoint_url");
  const credentials =
    keys(variables.AWS_ACCESS_KEY_ID, variables.AWS_SECRET_ACCESS_KEY, variables.AWS_SESSION_TOKEN) ??
    profileKeys(profile, region, loadProviders) ??
    containerKeys(variables, region, loadProviders);
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

/** Ways in which AWS's tools get the keys of a profile, by the setting that selects them. */
const SOURCES: readonly (readonly [setting: RegExp, what: string])[] = [
  [/^role_arn$/, "a role"],
  [/^credential_process$/, "a command"],
  [/^sso_/, "IAM Identity Center (SSO)"],
  [/^login_session$/, "the login of `aws login`"],
];

/** Returns the keys of a profile, a function that fetches them or throws, or `undefined` for a profile without any. */
function profileKeys(
  { name, named, found, values }: ChosenProfile,
  region: string | undefined,
  loadProviders: LoadProviders,
): Credentials | FetchKeys | undefined {
  const fixed = keys(
    values.get("aws_access_key_id"),
    values.get("aws_secret_access_key"),
    values.get("aws_session_token"),
  );
  // A profile may hold the keys that its role is assumed with.
  if (fixed && !(values.has("role_arn") && (values.has("source_profile") || values.has("credential_source"))))
    return fixed;
  for (const [setting, what] of SOURCES) {
    const key = [...values.keys()].find((each) => setting.test(each));
    if (key === undefined) continue;
    const advice = `Or put keys into the environment: eval "$(aws configure export-credentials --profile ${name} --format env)".`;
    return fetchKeys(
      `The AWS profile "${name}" gets its keys from ${what} (${key})`,
      advice,
      loadProviders,
      ({ fromIni }) =>
        fromIni({ profile: name, ignoreCache: true, parentClientConfig: { region: region ?? STS_REGION } })(),
    );
  }
  if (!named || found) return undefined;
  return async () => {
    throw new LakotaError(
      "invalid-argument",
      `AWS_PROFILE is "${name}", and AWS's credentials and config files have no such profile.`,
    );
  };
}

/** Returns a function that fetches the keys which a container has by its variables, if it has any. */
function containerKeys(
  variables: Variables,
  region: string | undefined,
  loadProviders: LoadProviders,
): FetchKeys | undefined {
  if (variables.AWS_WEB_IDENTITY_TOKEN_FILE && variables.AWS_ROLE_ARN) {
    const what = "The variables AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE name a role";
    return fetchKeys(what, "", loadProviders, ({ fromTokenFile }) =>
      fromTokenFile({ parentClientConfig: { region: region ?? STS_REGION } })(),
    );
  }
  const address = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"].find(
    (name) => variables[name],
  );
  if (address === undefined) return undefined;
  const what = `The variable ${address} says where this container gets its keys`;
  return fetchKeys(what, "", loadProviders, ({ fromHttp }) => fromHttp()());
}

/**
 * Returns a function that fetches keys, by a provider that is new each time: one that exists may return the keys that
 * S3 refused.
 *
 * @param advice what to do where the package is not installed, besides installing it
 * @throws (the function) `unsupported` where the package is not installed, `forbidden` where there are no keys
 */
function fetchKeys(
  what: string,
  advice: string,
  loadProviders: LoadProviders,
  fetch: (providers: Providers) => Promise<Credentials>,
): FetchKeys {
  return async () => {
    const providers = await loadProviders().catch((cause) => {
      const message = `${what}, which needs a package: npm install ${PACKAGE}. ${advice}`.trim();
      throw new LakotaError("unsupported", message, { cause });
    });
    try {
      return await fetch(providers);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LakotaError("forbidden", `${what}, and that failed: ${why}`, { cause });
    }
  };
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
