export type { Fault } from "./faults.ts";
export { type RequestRecord, type S3Options, type S3Server, startS3 } from "./server.ts";
export type { Shape } from "./shape.ts";
export type { Key } from "./signature.ts";
