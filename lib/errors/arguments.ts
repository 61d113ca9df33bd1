/** Bad arguments: Node's codes and wording. */
import { inspect } from 'node:util';

import { type Coded, show, withCode } from './coded';

/** A function's name; nothing if it has none that can be shown. */
function nameOf(value: unknown): string | undefined {
  try {
    const name = (value as { name?: unknown } | undefined)?.name;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function className(value: object): string | undefined {
  try {
    return nameOf(value.constructor);
  } catch {
    return undefined;
  }
}

/** How Node describes a value of the wrong type. */
function received(value: unknown): string {
  if (value === null || value === undefined) return `Received ${String(value)}`;
  if (typeof value === 'function') return `Received function ${nameOf(value) ?? ''}`;
  if (typeof value === 'object') {
    const name = className(value);
    return name ? `Received an instance of ${name}` : `Received ${show(value, { depth: -1 })}`;
  }
  const text = inspect(value, { colors: false });
  return `Received type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** `options.port` is a property, `port` an argument. */
function subject(name: string): string {
  return `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

export function invalidArgType(name: string, expected: string, value: unknown): Coded<TypeError> {
  const message = `The ${subject(name)} must be ${expected}. ${received(value)}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

/** A string to `write` in the "encoding" of Buffers, in the words of `net`. */
export function noBuffer(): Coded<TypeError> {
  return withCode(new TypeError('Second argument must be a buffer'), 'ERR_INVALID_ARG_TYPE');
}

/** As `invalidArgType`, for a value that must not be shown. */
export function secretArgType(name: string, expected: string, value: unknown): Coded<TypeError> {
  const message = `The ${subject(name)} must be ${expected}. Received type ${typeof value}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

export function invalidArgValue(name: string, value: unknown, reason: string): Coded<TypeError> {
  const kind = name.includes('.') ? 'property' : 'argument';
  const text = show(value, { depth: 1 });
  const seen = text.length > 128 ? `${text.slice(0, 128)}...` : text;
  const message = `The ${kind} '${name}' ${reason}. Received ${seen}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

export function outOfRange(name: string, range: string, value: unknown): Coded<RangeError> {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`;
  return withCode(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

export function badPort(name: string, value: unknown, allowZero: boolean): Coded<RangeError> {
  const range = `>${allowZero ? '=' : ''} 0 and < 65536`;
  const message = `${name} should be ${range}. ${received(value)}.`;
  return withCode(new RangeError(message), 'ERR_SOCKET_BAD_PORT');
}

/** @param name where Node's own words do not say which is meant */
export function invalidIpAddress(value: string, name?: string, reason = ''): Coded<TypeError> {
  const place = name === undefined ? '' : ` ("${name}")`;
  const message = `Invalid IP address: ${value}${place}${reason && `: ${reason}`}`;
  return withCode(new TypeError(message), 'ERR_INVALID_IP_ADDRESS');
}

export function invalidAddressFamily(
  family: unknown,
  host: string,
  port: number,
): Coded<RangeError> {
  const message = `Invalid address family: ${String(family)} ${host}:${String(port)}`;
  return withCode(new RangeError(message), 'ERR_INVALID_ADDRESS_FAMILY', { host, port });
}

export function missingArgs(...names: string[]): Error {
  const list = names.map((name) => `"${name}"`).join(' or ');
  return withCode(new TypeError(`The ${list} argument must be specified`), 'ERR_MISSING_ARGS');
}
