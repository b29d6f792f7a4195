/** Keys of an S3 account, permanent or temporary. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary keys. */
  sessionToken?: string;
  /** When temporary keys expire. They are renewed a minute before. A number is epoch seconds or milliseconds. */
  expiration?: Date | string | number;
}

/** Keys in the spelling of AWS's services: a response of STS or Cognito, or its `Credentials`. */
export interface ServiceCredentials {
  AccessKeyId?: string | undefined;
  SecretAccessKey?: string | undefined;
  /** Cognito's name of the secret. */
  SecretKey?: string | undefined;
  SessionToken?: string | undefined;
  Expiration?: Date | string | number | undefined;
  Credentials?: ServiceCredentials | undefined;
}

/** What is passed as keys, in either spelling. */
export type CredentialsInput = Partial<Credentials & ServiceCredentials> | undefined;

/** Whether keys can be used as they are. If not, `normalCredentials` in `service-credentials.ts` is for them. */
export const isComplete = (keys: CredentialsInput): keys is Credentials =>
  !!(keys?.accessKeyId && keys.secretAccessKey);
