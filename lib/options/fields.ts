/** Kinds of option fields: how each is checked, and what number the kernel sees. */
import { invalidArgValue } from '../errors';
import { checkBoolean, checkInteger } from '../validate';

export interface FieldKind {
  /** For the reference: 'ms', 'bytes', 'one of …'. */
  readonly unit: string;
  /** Throws for a value that cannot be; returns the kernel's number. */
  toNative(name: string, value: unknown): number;
  fromNative(value: number): number | boolean | string;
}

export function integer(unit: string, min: number, max: number): FieldKind {
  return {
    unit,
    toNative: (name, value) => checkInteger(name, value, min, max),
    fromNative: (value) => value,
  };
}

/** A boolean that the kernel keeps as one bit of a field. */
export function flag(bit: number): FieldKind {
  return {
    unit: 'boolean',
    toNative: (name, value) => (checkBoolean(name, value) ? bit : 0),
    fromNative: (value) => (value & bit) !== 0,
  };
}

export function choice(choices: Record<string, number>): FieldKind {
  const names = Object.keys(choices);
  const list = names.map((name) => `'${name}'`).join(', ');
  return {
    unit: `one of ${list}`,
    toNative(name, value) {
      const number =
        typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
      if (number === undefined) throw invalidArgValue(name, value, `must be one of ${list}`);
      return number;
    },
    fromNative: (value) =>
      names.find((name) => choices[name] === value) ?? `unknown (${String(value)})`,
  };
}
