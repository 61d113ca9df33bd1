/** The arguments of `connect`, in all their forms, checked. Nothing is opened here. */
import { isIP, type LookupFunction } from 'node:net';

import type { ConnectOptions } from '../../types/socket';
import { invalidArgType, invalidArgValue, missingArgs } from '../errors';
import { checkFunction, checkHosts, checkInteger, checkIp, checkPort, INT32 } from '../validate';

export interface ConnectConfig {
  /** A name to resolve, or numeric addresses. */
  host: string | readonly string[];
  port: number;
  family: 0 | 4 | 6;
  lookup?: LookupFunction;
  hints?: number;
  localHosts: readonly string[];
  localPort: number;
  /** Milliseconds; 0 leaves it to the kernel. */
  connectTimeout: number;
}

export type Options = Partial<Record<keyof ConnectOptions | 'path', unknown>>;
export interface ConnectArguments {
  options: Options;
  listener?: () => void;
}

/** `(options[, listener])` or `(port[, host][, listener])` */
export function connectArguments(args: readonly unknown[]): ConnectArguments {
  const last = args.at(-1);
  const listener = typeof last === 'function' ? { listener: last as () => void } : {};
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return { options: first, ...listener };
  return {
    options: {
      ...(typeof first !== 'function' && { port: first }),
      ...(typeof second === 'string' && { host: second }),
    },
    ...listener,
  };
}

export function connectConfig(options: Options): ConnectConfig {
  const { port, host, remoteAddresses, lookup, hints, family = 0 } = options;
  if (port === undefined) refuseWithoutPort(options);
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw invalidArgType('options.port', 'one of type number or string', port);
  }
  const { localPort = 0, connectTimeout = 30_000 } = options;
  if (lookup !== undefined) checkFunction('options.lookup', lookup);
  return {
    host: remoteAddresses === undefined ? hostOf(host) : remoteHosts(remoteAddresses, host),
    port: checkPort('Port', port, { allowZero: true }),
    family: familyOf(family),
    localHosts: localHosts(options),
    localPort: checkPort('options.localPort', localPort, { allowZero: true }),
    connectTimeout: checkInteger('options.connectTimeout', connectTimeout, 0, INT32),
    ...(lookup !== undefined && { lookup: lookup as LookupFunction }),
    ...(hints !== undefined && { hints: checkInteger('options.hints', hints, 0, INT32) }),
  };
}

function refuseWithoutPort({ path }: Options): never {
  if (path !== undefined && path !== null) {
    throw invalidArgValue('options.path', path, 'is not offered: SCTP has ports, no paths');
  }
  throw missingArgs('options', 'port');
}

function hostOf(host: unknown): string | readonly string[] {
  if (host === undefined || host === null || host === '') return 'localhost';
  if (typeof host !== 'string') throw invalidArgType('options.host', 'of type string', host);
  const [literal = ''] = host.split('%');
  return isIP(literal) === 0 ? host : [host];
}

function remoteHosts(value: unknown, host: unknown): readonly string[] {
  if (host !== undefined) {
    throw invalidArgValue('options.host', host, 'cannot go with remoteAddresses: give one of them');
  }
  return checkHosts('options.remoteAddresses', value);
}

function localHosts({ localAddress, localAddresses }: Options): readonly string[] {
  if (localAddresses !== undefined) {
    if (localAddress !== undefined) {
      const reason = 'cannot go with localAddresses: give one of them';
      throw invalidArgValue('options.localAddress', localAddress, reason);
    }
    return checkHosts('options.localAddresses', localAddresses);
  }
  if (localAddress === undefined || localAddress === null) return [];
  checkIp('options.localAddress', localAddress);
  return [localAddress as string];
}

function familyOf(value: unknown): 0 | 4 | 6 {
  if (value === 0 || value === 4 || value === 6) return value;
  if (value === 'IPv4') return 4;
  if (value === 'IPv6') return 6;
  throw invalidArgValue('options.family', value, 'must be one of 0, 4, 6');
}
