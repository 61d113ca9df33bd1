/** The arguments of `connect`, in all their forms, checked. Nothing is opened here. */
import { ADDRCONFIG, ALL, V4MAPPED } from 'node:dns';
import { isIP, isIPv4, type LookupFunction } from 'node:net';

import type { ConnectOptions } from '../../../types/socket';
import { checkInterfaces, checkOneWay } from '../../addresses/interfaces';
import { invalidArgType, invalidArgValue, invalidIpAddress, missingArgs, show } from '../../errors';
import {
  checkBoolean,
  checkFunction,
  checkHosts,
  checkIfObject,
  checkInteger,
  checkIp,
  checkPeerHosts,
  checkPort,
  INT32,
  isGiven,
  withoutScope,
} from '../../validate';

export interface ConnectConfig {
  /** A name to resolve, or numeric addresses. */
  host: string | readonly string[];
  port: number;
  family: 0 | 4 | 6;
  lookup?: LookupFunction;
  hints: number;
  /** Whether `host` is a list that the user has written. */
  isList: boolean;
  localHosts: readonly string[];
  /** To bind every address of, instead of `localHosts`. */
  interfaces: readonly string[];
  localPort: number;
  /** Milliseconds; 0 leaves it to the kernel. */
  connectTimeout: number;
}

export type Options = Partial<Record<keyof ConnectOptions | 'path', unknown>>;
/** The arguments of `connect`, parsed: it takes them in this form, too. */
export class ConnectArguments {
  readonly options: Options;
  readonly listener: (() => void) | undefined;

  constructor(options: Options, listener: (() => void) | undefined) {
    this.options = options;
    this.listener = listener;
  }
}

/** `(options[, listener])` or `(port[, host][, listener])` */
export function connectArguments(args: readonly unknown[]): ConnectArguments {
  if (args[0] instanceof ConnectArguments) return args[0];
  const last = args.at(-1);
  const listener = typeof last === 'function' ? (last as () => void) : undefined;
  const [first, second] = args;
  checkIfObject('options', first);
  if (typeof first === 'object' && first !== null) return new ConnectArguments(first, listener);
  // A string that is no number is a path for `net`.
  if (typeof first === 'string' && !(Number(first) >= 0)) {
    return new ConnectArguments({ path: first }, listener);
  }
  const host = typeof second === 'string' ? { host: second } : {};
  return new ConnectArguments({ port: first, ...host }, listener);
}

export function connectConfig(options: Options): ConnectConfig {
  const { port, connectTimeout = 30_000 } = options;
  refusePath(options);
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw invalidArgType('options.port', 'one of type number or string', port);
  }
  checkFamilySelection(options);
  const config: ConnectConfig = {
    host: hostOf(options),
    port: checkPort('Port', port, { allowZero: true }),
    family: 0,
    hints: 0,
    isList: isGiven(options.remoteAddresses),
    localHosts: localHosts(options),
    interfaces: checkInterfaces('options.interface', options.interface),
    localPort: localPortOf(options.localPort),
    connectTimeout: checkInteger('options.connectTimeout', connectTimeout, 0, INT32),
  };
  // As for `net`, these belong to names.
  if (typeof config.host === 'string') Object.assign(config, namingOf(options));
  checkFamilies(config.host, config.localHosts);
  checkOneWay(options, ['localAddress', 'localAddresses']);
  return config;
}

function refusePath({ path, port }: Options): void {
  if (path !== undefined && path !== null && path !== '') {
    throw invalidArgValue('options.path', path, 'is not supported: SCTP has ports, no paths');
  }
  if (port === undefined) throw missingArgs('options', 'port', 'path');
}

function hostOf({ host, remoteAddresses }: Options): string | readonly string[] {
  if (remoteAddresses !== undefined && remoteAddresses !== null) {
    if (host !== undefined && host !== null) {
      const reason = 'cannot be combined with remoteAddresses: give one of them';
      throw invalidArgValue('options.host', host, reason);
    }
    return checkPeerHosts('options.remoteAddresses', remoteAddresses);
  }
  if (!host) return 'localhost';
  if (typeof host !== 'string') throw invalidArgType('hostname', 'of type string', host);
  return isIP(withoutScope(host)) === 0 ? host : [host];
}

function localHosts({ localAddress, localAddresses }: Options): readonly string[] {
  if (localAddresses !== undefined && localAddresses !== null) {
    if (localAddress !== undefined && localAddress !== null) {
      const reason = 'cannot be combined with localAddresses: give one of them';
      throw invalidArgValue('options.localAddress', localAddress, reason);
    }
    return checkHosts('options.localAddresses', localAddresses);
  }
  if (!localAddress) return [];
  // `net` reports the same for other types.
  if (typeof localAddress !== 'string') throw invalidIpAddress(show(localAddress));
  checkIp('options.localAddress', localAddress);
  return [localAddress];
}

function localPortOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number') {
    throw invalidArgType('options.localPort', 'of type number', value);
  }
  return checkPort('options.localPort', value, { allowZero: true });
}

/** No association can be set up between addresses of which none has a counterpart. */
function checkFamilies(host: string | readonly string[], local: readonly string[]): void {
  if (typeof host === 'string' || local.length === 0) return;
  const isMet = local.some(
    (own) => own === '::' || host.some((peer) => isIPv4(peer) === isIPv4(own)),
  );
  if (isMet) return;
  const name = local.length === 1 ? 'options.localAddress' : 'options.localAddresses';
  const reason = `must be of the family of the peer's address, ${host.join(', ')}`;
  throw invalidArgValue(name, local.length === 1 ? local[0] : local, reason);
}

function namingOf({
  family,
  hints,
  lookup,
}: Options): Pick<ConnectConfig, 'family' | 'hints' | 'lookup'> {
  if (isGiven(lookup)) checkFunction('options.lookup', lookup);
  return {
    family: checkFamily(family),
    hints: hintsOf(hints, isGiven(lookup)),
    ...(isGiven(lookup) && { lookup: lookup as LookupFunction }),
  };
}

function checkFamily(value: unknown): 0 | 4 | 6 {
  if (value === undefined || value === null || value === 0) return 0;
  if (value === 4 || value === 'IPv4') return 4;
  if (value === 6 || value === 'IPv6') return 6;
  throw invalidArgValue('options.family', value, 'must be one of: 0, 4, 6');
}

/** What they mean is for the function that looks names up to say, as with `net`. */
function hintsOf(value: unknown, hasOwnLookup: boolean): number {
  if (!value) return 0;
  if (typeof value !== 'number') throw invalidArgType('options.hints', 'of type number', value);
  if (!hasOwnLookup && (value & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0)
    throw invalidArgValue('hints', value, 'is invalid');
  return value;
}

/** One association uses all addresses: there is nothing to select, but mistakes are reported. */
function checkFamilySelection({ autoSelectFamily, autoSelectFamilyAttemptTimeout }: Options): void {
  if (isGiven(autoSelectFamily)) checkBoolean('options.autoSelectFamily', autoSelectFamily);
  if (isGiven(autoSelectFamilyAttemptTimeout)) {
    const name = 'options.autoSelectFamilyAttemptTimeout';
    checkInteger(name, autoSelectFamilyAttemptTimeout, 1, INT32);
  }
}
