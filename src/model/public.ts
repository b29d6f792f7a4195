/** What every door exports: the words of the API. */
export type * from "./api.ts";
export type { ColumnInput } from "./cast.ts";
export type { ColumnData, IndexValue, TypedColumn } from "./column.ts";
export { type ErrorCode, LakotaError } from "./errors.ts";
export type { Condition, Expression } from "./expression.ts";
export { Frame, type FrameColumn } from "./frame.ts";
export type { Closed } from "./key.ts";
export { type Column, Schema, type SchemaDump } from "./schema.ts";
