/**
 * Returns the entry of a table under a name that comes from elsewhere, such as a column's: it may be one that every
 * object inherits, such as `constructor`.
 */
export const ownEntry = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
