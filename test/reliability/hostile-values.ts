/** Throws at everything that is done with it. */
const throwing = () => {
  const fail = () => {
    throw new RangeError("The caller's own object failed.");
  };
  const traps: (keyof ProxyHandler<object>)[] = ["get", "has", "ownKeys", "getOwnPropertyDescriptor"];
  return new Proxy({}, Object.fromEntries([...traps, "getPrototypeOf"].map((trap) => [trap, fail])));
};

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const cyclic = () => {
  const object: Record<string, unknown> = { v: 1 };
  object.self = object;
  return object;
};

const getter = (value: () => unknown) =>
  Object.defineProperties(
    {},
    {
      signal: { get: value, enumerable: true },
      start: { get: value, enumerable: true },
      v: { get: value, enumerable: true },
      label: { get: value, enumerable: true },
      uri: { get: value, enumerable: true },
      name: { get: value, enumerable: true },
    },
  );

/** Values that no declaration allows everywhere, by name. Functions, as each call gets its own. */
export const hostileValues: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  zero: () => 0,
  "a negative number": () => -1,
  "a fraction": () => 0.5,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "a huge number": () => 1e300,
  "a bigint": () => 5n,
  "a huge bigint": () => 1n << 200n,
  "empty text": () => "",
  text: () => "nonsense",
  "a NUL": () => "\0",
  "half a surrogate pair": () => "\ud800",
  "the name of a prototype": () => "__proto__",
  "a long text": () => "x".repeat(10_000),
  "a symbol": () => Symbol("symbol"),
  "an object": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "a circular object": cyclic,
  "an object with getters that throw": () =>
    getter(() => {
      throw new RangeError("The caller's own getter failed.");
    }),
  "a proxy that throws": throwing,
  "a revoked proxy": revoked,
  "an empty list": () => [],
  "a list of null": () => [null],
  "a list of symbols": () => [Symbol("symbol")],
  "a list with holes": () => new Array(3),
  "a function": () => () => 1,
  "a function that throws": () => () => {
    throw new RangeError("The caller's own function failed.");
  },
  "a class": () => class {},
  "a Date": () => new Date(0),
  "an invalid Date": () => new Date(Number.NaN),
  "a Map": () => new Map([["t", 1]]),
  bytes: () => new Uint8Array([1, 2, 3]),
  "a detached buffer": () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    return bytes;
  },
  "a promise": () => Promise.resolve(1),
  "an aborted signal": () => AbortSignal.abort("aborted by the test"),
  "an object that looks like a signal": () => ({ aborted: false }),
};
