export type { Fault } from "./faults.ts";
export type { RequestRecord, Stats } from "./log.ts";
export type { S3Options } from "./options.ts";
export { type S3Server, startS3 } from "./server.ts";
export type { Shape } from "./shape.ts";
export type { Key } from "./signature.ts";
