/** The symbols of `using` and `await using`, which the first releases of Node 20 know so only. */
const symbols = Symbol as {
  dispose?: typeof Symbol.dispose;
  asyncDispose?: typeof Symbol.asyncDispose;
};

export const dispose: typeof Symbol.dispose =
  symbols.dispose ?? (Symbol.for('nodejs.dispose') as typeof Symbol.dispose);

export const asyncDispose: typeof Symbol.asyncDispose =
  symbols.asyncDispose ?? (Symbol.for('nodejs.asyncDispose') as typeof Symbol.asyncDispose);
