/** Errors with a `code`, and values in their texts. */
import { inspect, type InspectOptions } from 'node:util';

export type Coded<E extends Error = Error> = E & { code: string };

/** An error with Node's `code`, which also stands in its stack as it does in Node's own errors. */
export function withCode<E extends Error>(error: E, code: string, fields: object = {}): Coded<E> {
  const { name, stack = '' } = error;
  error.stack = stack.replace(name, `${name} [${code}]`);
  return Object.assign(error, { code }, fields);
}

/** Some values throw when they are looked at: views on detached memory, proxies. */
export function show(value: unknown, options: InspectOptions = {}): string {
  try {
    return inspect(value, options);
  } catch {
    return `a value of type ${typeof value}`;
  }
}
