/** Kinds of option fields: how each is checked, and what the kernel sees. */
import type { NativeOptionValue, NativeOptionValues } from '../../types/native-values';
import { binding } from '../binding';
import { didYouMean, invalidArgType, invalidArgValue } from '../errors';
import { checkAddress, checkBoolean, checkInteger, UINT32 } from '../validate';

/** For addresses that name none. */
export interface Ports {
  readonly peerPort?: number | undefined;
  readonly localPort?: number | undefined;
}

export interface FieldKind {
  /** For the reference: 'ms', 'bytes', 'one of …'. */
  readonly unit: string;
  /** For the reference: '0 to 65535'. */
  readonly range?: string;
  /** For the reference: only the kernel changes it. */
  readonly isReadOnly?: boolean;
  /** The struct's field it lives in, where that has another name. */
  readonly native?: string;
  /** @throws for an invalid value */
  toNative(name: string, value: unknown, ports?: Ports): NativeOptionValue;
  /** @param all the struct's fields, for those whose meaning depends on others */
  fromNative(value: NativeOptionValue, all: NativeOptionValues): unknown;
  /** A copy, for values that are set later and could be changed in between. */
  keep?(value: unknown): unknown;
  /** The value must not be shown. */
  readonly isSecret?: boolean;
}

/** The fields of a struct; native names of nested fields begin with the nested struct's name. */
export interface Fields {
  readonly [name: string]: FieldKind | Fields;
}

export function isKind(fields: FieldKind | Fields): fields is FieldKind {
  return typeof fields['toNative'] === 'function';
}

export function integer(unit: string, min: number, max: number): FieldKind {
  return {
    unit,
    range: `${String(min)} to ${String(max)}`,
    toNative: (name, value) => checkInteger(name, value, min, max),
    fromNative: (value) => value,
  };
}

/** A boolean that the kernel keeps as one bit of a field. */
export function flag(bit: number): FieldKind {
  return {
    unit: 'boolean',
    toNative: (name, value) => (checkBoolean(name, value) ? bit : 0),
    fromNative: (value) => (Number(value) & bit) !== 0,
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
      if (number !== undefined) return number;
      throw invalidArgValue(name, value, `must be one of ${list}${didYouMean(value, names)}`);
    },
    fromNative: (value) =>
      names.find((name) => choices[name] === value) ?? `unknown (${String(Number(value))})`,
  };
}

/** An address of the peer, with its port: that is how the kernel finds it. */
export const peerAddress: FieldKind = {
  unit: 'address',
  toNative: (name, value, { peerPort } = {}) => checkAddress(name, value, peerPort),
  fromNative: (value) => value,
};

/** An address of ours, with our port. */
export const localAddress: FieldKind = {
  ...peerAddress,
  toNative: (name, value, { localPort } = {}) => checkAddress(name, value, localPort),
};

/** Longest name of a network device (IFNAMSIZ, less the end of the text). */
const DEVICE_NAME = 15;

export const deviceName: FieldKind = {
  unit: 'name',
  toNative(name, value) {
    if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
    if (Buffer.byteLength(value) > DEVICE_NAME || /[\0/\s]/.test(value)) {
      const reason = `must be the name of a network device, of at most ${String(DEVICE_NAME)} bytes`;
      throw invalidArgValue(name, value, reason);
    }
    return value;
  },
  fromNative: (value) => value,
};

/** A field that only the kernel changes. */
export function readOnly(kind: FieldKind): FieldKind {
  return {
    ...kind,
    isReadOnly: true,
    toNative(name, value) {
      throw invalidArgValue(name, value, 'can only be read');
    },
  };
}

/** A number, or a bigint once a number would be inexact. */
export const counter = readOnly(integer('count', 0, Number.MAX_SAFE_INTEGER));

/** A time that the kernel reports in jiffies. */
export const jiffies: FieldKind = {
  ...readOnly(integer('ms', 0, UINT32)),
  fromNative: (value) => Math.round((Number(value) * binding.nanosecondsPerJiffy) / 1e6),
};
