/** Values of options and operands, checked. */
import { isIP } from 'node:net';

import { checkPpid } from '../protocols/ppid';
import { UsageError } from './usage-error';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`, with an IPv6 address as `[::1]:2905`. */
export function hostAndPort(text: string): HostAndPort {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  if (port === undefined) {
    const hint = isIP(text) === 6 ? `; write [${text}]:PORT` : '';
    throw new UsageError(`'${text}' is not HOST:PORT${hint}`);
  }
  const host = bracketed ?? plain ?? '';
  if (bracketed !== undefined && isIP(bracketed.replace(/%.*/, '')) !== 6) {
    throw new UsageError(`'${bracketed}' in brackets is not an IPv6 address`);
  }
  return { host, port: integer(port, 'the port', 0, 65_535) };
}

/** @param what for the message, as in "--count" */
export function integer(text: string, what: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${what} must be a whole number from ${String(least)} to ${String(most)}, not '${text}'`,
  );
}

/** Milliseconds from `250ms`, `2s` or `2`, which are seconds. */
export function duration(text: string, what: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  const scale = { ms: 1, s: 1000, m: 60_000 }[unit ?? 's'];
  const value = Math.round(Number(amount) * (scale ?? NaN));
  if (value >= 1 && value <= 0x7fff_ffff) return value;
  throw new UsageError(`${what} must be a time like 250ms, 2s or 1m, not '${text}'`);
}

/** A number, or the name of a registered protocol. */
export function ppid(text: string): number {
  try {
    return checkPpid('--ppid', /^\d+$/.test(text) ? Number(text) : text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** One of several words. */
export function choice<const Name extends string>(
  text: string,
  what: string,
  names: readonly Name[],
): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`${what} must be one of ${names.join(', ')}, not '${text}'`);
}
