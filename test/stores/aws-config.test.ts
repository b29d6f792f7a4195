import { describe, expect, it } from "vitest";
import { awsSettings as settingsFrom } from "../../src/stores/s3/aws-config.ts";

type Arguments = Parameters<typeof settingsFrom>;

/** Without the package that fetches keys. */
const awsSettings = (variables: Arguments[0], files: Arguments[1]) =>
  settingsFrom(variables, files, () => Promise.reject(new Error("Cannot find package")));

const credentials = `
# mine
[default]
aws_access_key_id = DEFAULT
aws_secret_access_key = default/secret=

[work]
aws_access_key_id=WORK ; old
aws_secret_access_key=work-secret
aws_session_token = work-token
`;
const config = `[default]\r
region = eu-west-1\r
s3 =\r
  endpoint_url = http://nested\r
[profile work]
region = us-west-2
endpoint_url = http://minio:9000
aws_access_key_id = NOT-THIS
aws_secret_access_key = nor-this
[profile sso]
sso_session = corp
[profile  "far"]
region = ap-south-1
`;
const files = { credentials, config };
const env = {
  AWS_ACCESS_KEY_ID: "ENV",
  AWS_SECRET_ACCESS_KEY: "env-secret",
  AWS_REGION: "sa-east-1",
  AWS_ENDPOINT_URL: "http://env",
};

describe("settings from the environment", () => {
  it("are empty by default", () => {
    expect(awsSettings({}, {})).toEqual({});
  });

  it("are those of the profile default, without nested settings", () => {
    expect(awsSettings({}, files)).toEqual({
      region: "eu-west-1",
      credentials: { accessKeyId: "DEFAULT", secretAccessKey: "default/secret=" },
    });
  });

  it("are those of the named profile; keys in the credentials file come first", () => {
    expect(awsSettings({ AWS_PROFILE: "work" }, files)).toEqual({
      region: "us-west-2",
      endpoint: "http://minio:9000",
      credentials: { accessKeyId: "WORK", secretAccessKey: "work-secret", sessionToken: "work-token" },
    });
    expect(awsSettings({ AWS_PROFILE: "far" }, files)).toEqual({ region: "ap-south-1" });
  });

  it("are read in linear time, whatever the lines contain", () => {
    const spaces = " ".repeat(300_000);
    const lines = [
      `[${spaces}`,
      `a${spaces}`,
      `a=${spaces}x`,
      `a= x${spaces}!`,
      `[b]`,
      `region = x${spaces}# y`,
    ];
    expect(awsSettings({ AWS_PROFILE: "b" }, { credentials: lines.join("\n") })).toEqual({ region: "x" });
  });

  it("are the variables before any profile", () => {
    expect(awsSettings({ ...env, AWS_PROFILE: "work" }, files)).toEqual({
      region: "sa-east-1",
      endpoint: "http://env",
      credentials: { accessKeyId: "ENV", secretAccessKey: "env-secret" },
    });
    expect(awsSettings({ ...env, AWS_ENDPOINT_URL_S3: "http://s3" }, {}).endpoint).toBe("http://s3");
    expect(awsSettings({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-2" }, files).region).toBe("us-east-2");
  });
});

describe("a profile without keys is an error when keys are requested", () => {
  const ask = async (profile: string) => {
    const { credentials } = awsSettings({ AWS_PROFILE: profile }, files);
    if (typeof credentials !== "function") throw new Error("no function");
    return credentials();
  };

  it("that names the package which fetches them, if it is not installed", async () => {
    await expect(ask("sso")).rejects.toMatchObject({
      code: "unsupported",
      message:
        /^The AWS profile "sso" gets its keys from IAM Identity Center \(SSO\) \(sso_session\), which needs a package: npm install @aws-sdk\/credential-providers\. .*export-credentials --profile sso/,
    });
  });

  it("that names the variable which needs the package", async () => {
    const { credentials } = awsSettings({ AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23" }, {});
    if (typeof credentials !== "function") throw new Error("no function");
    await expect(credentials()).rejects.toThrow(
      /AWS_CONTAINER_CREDENTIALS_FULL_URI .*npm install @aws-sdk\/credential-providers\.$/,
    );
  });

  it("that names a missing profile", async () => {
    await expect(ask("none")).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(ask("none")).rejects.toThrow(/"none"/);
  });
});
