/** Further parts of an error response. */
export interface ErrorDetails {
  headers?: Record<string, string>;
  /** Further elements of its XML, such as `Region`. */
  elements?: Record<string, string>;
}

/** An error of S3: HTTP status, code and message. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly elements: Record<string, string>;

  constructor(status: number, code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = details.headers ?? {};
    this.elements = details.elements ?? {};
  }
}

export const accessDenied = (message = "Access Denied") => new S3Error(403, "AccessDenied", message);

export const invalidArgument = (message: string) => new S3Error(400, "InvalidArgument", message);

export const noSuchKey = () => new S3Error(404, "NoSuchKey", "The specified key does not exist.");

export const preconditionFailed = () =>
  new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");

export const notImplemented = (what: string) =>
  new S3Error(501, "NotImplemented", `This server does not implement ${what}.`);
