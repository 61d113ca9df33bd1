/** Checks of arguments, with the errors a Node user knows. Nothing here opens anything. */
import { isIP, isIPv4, SocketAddress } from 'node:net';
import { types } from 'node:util';

import {
  badPort,
  didYouMean,
  invalidArgType,
  invalidArgValue,
  invalidIpAddress,
  outOfRange,
} from './errors';

/** The largest numbers of their sizes. */
export const UINT16 = 0xffff;
export const UINT32 = 0xffffffff;
export const INT32 = 0x7fffffff;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For options where null, as with `net`, means the same as undefined. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What a Map, a Date or the like holds is not in its properties: it would be ignored. */
function hasItsOwnContent(value: object): boolean {
  return Symbol.iterator in value || types.isDate(value) || types.isPromise(value);
}

/** An object whose properties say something: options, or how a message is sent. */
export function checkObject(name: string, value: unknown): Record<string, unknown> {
  if (!isObject(value) || (!isPlain(value) && hasItsOwnContent(value))) {
    throw invalidArgType(name, 'of type object', value);
  }
  return value;
}

/** An argument that may be options or something else; what `net` says of arrays holds here, too. */
export function checkIfObject(name: string, value: unknown): void {
  if (isObject(value)) checkObject(name, value);
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A copy, since a getter could give another value after the check; with what the object inherits,
 * as whoever reads its properties would find it.
 * @param names those that an accessor of a class may have
 */
export function copyOf(value: object, names: readonly string[]): Record<string, unknown> {
  if (isPlain(value)) return { ...value };
  const given = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const name in given) copy[name] = given[name];
  for (const name of names) if (!(name in copy) && name in given) copy[name] = given[name];
  return copy;
}

/** A checked copy of an object that may have these properties, and no others. */
export function checkProperties(
  name: string,
  value: unknown,
  names: readonly string[],
): Record<string, unknown> {
  const copy = copyOf(checkObject(name, value), names);
  checkNames(name, copy, names);
  return copy;
}

/** A misspelt name must not silently mean the default. */
export function checkNames(name: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      const reason = `is unknown${didYouMean(key, known)}; expected one of ${known.join(', ')}`;
      throw invalidArgValue(`${name}.${key}`, key, reason);
    }
  }
}

export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
  return value;
}

export function checkOneOf<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw invalidArgValue(name, value, `must be one of ${list}${didYouMean(value, choices)}`);
}

export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) {
    throw outOfRange(name, `>= ${String(min)} && <= ${String(max)}`, value);
  }
  return value;
}

/**
 * Milliseconds of a timer, any number as for Node's own; clamped to the longest a timer can have.
 */
export function checkDuration(name: string, value: unknown): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value >= 0 && Number.isFinite(value))) {
    throw outOfRange(name, 'a non-negative finite number', value);
  }
  return Math.min(value, INT32);
}

/** Digits in a string are a port too, as they are for `net`. */
export function checkPort(
  name: string,
  value: unknown,
  { allowZero }: { allowZero: boolean },
): number {
  const isCandidate =
    typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  const port = isCandidate ? Number(value) : NaN;
  if (!Number.isInteger(port) || port < (allowZero ? 0 : 1) || port > 65535) {
    throw badPort(name, value, allowZero);
  }
  return port;
}

export type Family = 4 | 6;

/** What a text is that somebody has taken for a numeric address; empty if nothing fits. */
function whyNoAddress(text: string): string {
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/s.exec(text) ?? [];
  if (port !== undefined && isIP(host) !== 0) {
    return `it comes with a port, and all addresses of an end have one: give ${host} here`;
  }
  const [, network = ''] = /^(.*)\/\d+$/s.exec(text) ?? [];
  if (isIP(network) !== 0) return `it is a network, not the address of a host: give ${network}`;
  if (isIP(text.trim()) !== 0) return 'there are spaces around it';
  if (/^(?=.*[a-z])[\w-]+(\.[\w-]+)*\.?$/i.test(text)) {
    return 'names are not resolved here: give the numeric address';
  }
  return '';
}

/** A numeric address: these calls resolve no names. */
export function checkIp(name: string, value: unknown): Family {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  const family = addressFamily(value);
  if (family === undefined) throw invalidIpAddress(value);
  return family;
}

function addressFamily(value: string): Family | undefined {
  // Node's isIP knows no scope like %docker_gwbridge; whether there is one, the system says.
  const [literal, scope] = splitScope(value);
  const family = isIP(literal);
  const hasGoodScope = scope === undefined || (family === 6 && /^[^%]+$/s.test(scope));
  return family === 0 || !hasGoodScope ? undefined : (family as Family);
}

/**
 * An address as text, or with its port as our events have it. A peer's address is found by its
 * port too: `defaultPort` is for one that names none.
 */
export function checkAddress(
  name: string,
  value: unknown,
  defaultPort?: number,
): { address: string; port: number } {
  const given = typeof value === 'string' ? { address: value } : value;
  if (!isObject(given)) throw invalidArgType(name, 'of type string or object', value);
  checkNames(name, given, ['address', 'port', 'family']);
  const { address, port = defaultPort, family } = given;
  const place = typeof value === 'string' ? name : `${name}.address`;
  if (typeof address !== 'string') throw invalidArgType(place, 'of type string', address);
  const version = addressFamily(address);
  if (version === undefined) throw invalidIpAddress(address, place);
  if (family !== undefined && family !== `IPv${String(version)}`) {
    throw invalidArgValue(`${name}.family`, family, 'is not that of the address');
  }
  return {
    address,
    port: checkPort(`${name}.port`, port, { allowZero: false }),
  };
}

const { get: typedLength } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  'length',
) as { get: (this: Uint8Array) => number };

/** What a class, or a Buffer itself, may say otherwise by `length`. */
export function lengthOf(data: Uint8Array): number {
  return typedLength.call(data);
}

/** A DataView on detached memory throws where typed arrays are just empty. */
export function byteLength(view: ArrayBufferView): number {
  try {
    return view.byteLength;
  } catch {
    return 0;
  }
}

export function checkBytes(name: string, value: unknown): ArrayBufferView {
  if (!ArrayBuffer.isView(value)) {
    throw invalidArgType(name, 'an instance of Buffer, TypedArray, or DataView', value);
  }
  if (byteLength(value) === 0) {
    const reason = 'must hold at least one byte (SCTP has no empty messages) and not be detached';
    throw invalidArgValue(name, value, reason);
  }
  return value;
}

/** `fe80::1` and `eth0` of `fe80::1%eth0`. */
export function splitScope(address: string): [literal: string, scope: string | undefined] {
  const end = address.indexOf('%');
  return end < 0 ? [address, undefined] : [address.slice(0, end), address.slice(end + 1)];
}

/** `fe80::1` of `fe80::1%eth0`. */
export function withoutScope(address: string): string {
  return splitScope(address)[0];
}

/** The same text for every spelling of an address; IPv4-mapped IPv6 as IPv4. */
export function canonical(host: string): string {
  const [literal, scope] = splitScope(host);
  if (isIP(literal) !== 6) return host;
  const { address } = new SocketAddress({ address: literal, family: 'ipv6' });
  const [, mapped] = /^::ffff:([\d.]+)$/.exec(address) ?? [];
  return mapped ?? (scope === undefined ? address : `${address}%${scope}`);
}

/** Numeric addresses, each once. */
export function checkHosts(name: string, value: unknown): readonly string[] {
  return [...hostsIn(name, value).values()];
}

/** As `checkHosts`; what is IPv4 in IPv6 notation may also be there as IPv4. */
export function checkPeerHosts(name: string, value: unknown): readonly string[] {
  return [...hostsIn(name, value, { mayBeMapped: true }).values()];
}

/** The texts by what they mean. */
function hostsIn(
  name: string,
  value: unknown,
  { mayBeMapped = false } = {},
): ReadonlyMap<string, string> {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an instance of Array', value);
  if (value.length === 0) throw invalidArgValue(name, value, 'must hold at least one address');
  const hosts = new Map<string, string>(); // a copy, which nobody changes before it is used
  // A hole counts as undefined: however long a list is, the first one ends it.
  for (const [index, host] of (value as unknown[]).entries()) {
    const place = `${name}[${String(index)}]`;
    if (typeof host !== 'string') throw invalidArgType(place, 'of type string', host);
    if (addressFamily(host) === undefined) throw invalidIpAddress(host, place, whyNoAddress(host));
    const address = canonical(host);
    const other = hosts.get(address);
    const isTwin = other !== undefined && isIPv4(other) !== isIPv4(host);
    if (other !== undefined && !(mayBeMapped && isTwin)) {
      throw invalidArgValue(name, value, `names ${address} twice`);
    }
    hosts.set(address, address === host ? host : (other ?? host));
  }
  return hosts;
}

export function checkSignal(name: string, value: unknown): AbortSignal {
  if (!(value instanceof AbortSignal)) {
    throw invalidArgType(name, 'an instance of AbortSignal', value);
  }
  return value;
}
