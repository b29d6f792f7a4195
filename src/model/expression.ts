/**
 * A constant. Beside a time it is read as one: ISO 8601 text, a `Date`, or epoch milliseconds; a bigint counts the
 * column's own unit.
 */
export type Literal = number | bigint | string | boolean | Date;

/** The values of a column, one a row. */
export interface ColumnNode {
  readonly op: "column";
  readonly name: string;
}

export interface ValueNode {
  readonly op: "value";
  readonly value: Literal;
}

/** A function of its arguments, row by row or group by group: `+`, `<`, `floor`, … */
export interface CallNode<Argument> {
  readonly op: "call";
  readonly name: string;
  readonly args: readonly Argument[];
}

/** One value of all rows of a group: `max`, `count`, … */
export interface AggregateNode {
  readonly op: "aggregate";
  readonly name: string;
  readonly args: readonly RowExpression[];
}

/** An expression that names its own column, whatever name it is given: Python Lakota's `(as x "name")`. */
export interface NamedNode {
  readonly op: "as";
  readonly of: RowExpression | GroupExpression;
  readonly name: string;
}

/** One value a row. */
export type RowExpression = ColumnNode | ValueNode | CallNode<RowExpression>;

/** One value a group. Columns are found only inside its aggregates. */
export type GroupExpression = AggregateNode | ValueNode | CallNode<GroupExpression>;

/**
 * What the functions of `lakota/query` build, and `parseExpression` makes of text: a tree of plain objects, which crosses
 * threads as it is.
 */
export type Expression = RowExpression | GroupExpression | NamedNode;

/** An expression that is true or false of a row, as a tree or as text. */
export type Condition = RowExpression | string;
