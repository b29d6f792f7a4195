/**
 * A constant. Compared with a time it is taken as one: ISO 8601 text (UTC where it names no zone), a `Date`,
 * epoch milliseconds, or a bigint that counts the column's own unit.
 */
export type Literal = number | bigint | string | boolean | Date;

/** The value of a column in each row. */
export interface ColumnNode {
  readonly op: "column";
  readonly name: string;
}

/** A constant. */
export interface ValueNode {
  readonly op: "value";
  readonly value: Literal;
}

/** A function of its arguments, applied to each row or to each group: `+`, `<`, `floor`, … */
export interface CallNode<Argument> {
  readonly op: "call";
  readonly name: string;
  readonly args: readonly Argument[];
}

/** A function of all rows of a group: `max`, `count`, … */
export interface AggregateNode {
  readonly op: "aggregate";
  readonly name: string;
  readonly args: readonly RowExpression[];
}

/**
 * An expression with a name, which replaces the name of its column in `columns`: `(as x "name")` in Python
 * Lakota.
 */
export interface NamedNode {
  readonly op: "as";
  readonly of: RowExpression | GroupExpression;
  readonly name: string;
}

/** An expression with one value per row. */
export type RowExpression = ColumnNode | ValueNode | CallNode<RowExpression>;

/** An expression with one value per group. It refers to columns only inside aggregates. */
export type GroupExpression = AggregateNode | ValueNode | CallNode<GroupExpression>;

/**
 * An expression, as the functions of `lakota/query` build it and `parseExpression` reads it from text: a tree
 * of plain objects, which can be sent to a worker unchanged.
 */
export type Expression = RowExpression | GroupExpression | NamedNode;

/** An expression that is true or false for each row, as a tree or as text. */
export type Condition = RowExpression | string;
