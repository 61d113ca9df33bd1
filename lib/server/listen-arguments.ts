/** The arguments of `listen`, in all their forms, checked. Nothing is opened here. */
import cluster from 'node:cluster';

import type { SctpOptions } from '../../types/options';
import type { ListenOptions } from '../../types/server';
import { checkInterfaces, checkOneWay } from '../addresses/interfaces';
import { invalidArgType, invalidArgValue } from '../errors';
import { checkOptionNames } from '../option-names';
import {
  checkBoolean,
  checkHosts,
  checkIfObject,
  checkInteger,
  checkPort,
  checkSignal,
  INT32,
  isGiven,
} from '../validate';

/** What `net` asks for. */
const DEFAULT_BACKLOG = 511;

export interface ListenConfig {
  port: number;
  /** A name or an address; nothing for every address. */
  host: string | undefined;
  /** Bound along with the host. */
  moreHosts: readonly string[];
  /** To bind every address of, instead of hosts. */
  interfaces: readonly string[];
  backlog: number;
  ipv6Only: boolean;
  reusePort: boolean;
  signal?: AbortSignal;
}

type Options = Partial<Record<keyof ListenOptions | keyof typeof NOT_OFFERED, unknown>>;

/** What `net` can listen on beside ports, and why we cannot. */
const NOT_OFFERED = {
  path: 'is not supported: SCTP has ports and no paths',
  fd: 'is not supported: to share a port among processes, listen with reusePort in each',
  handle: 'is not supported: to share a port among processes, listen with reusePort in each',
  _handle: 'is not supported: to share a port among processes, listen with reusePort in each',
} as const;

export interface ListenArguments {
  options: Options;
  /** As an argument of its own; 0 for none. */
  backlog: number;
  listener?: () => void;
}

/**
 * `(options[, backlog][, listener])` or `([port[, host[, backlog]]][, listener])`; as with `net`,
 * the listener is what comes last, and the backlog a number in either place.
 */
export function listenArguments(args: readonly unknown[]): ListenArguments {
  const [first, second, third] = args;
  const last = args.at(-1);
  const rest = {
    backlog: countIn(second) || countIn(third),
    ...(typeof last === 'function' && { listener: last as () => void }),
  };
  checkIfObject('options', first);
  if (typeof first === 'object' && first !== null) return { options: first, ...rest };
  if (typeof first === 'string' && !(Number(first) >= 0)) {
    throw invalidArgValue('path', first, NOT_OFFERED.path);
  }
  const port = typeof first === 'function' ? undefined : first;
  return { options: typeof second === 'string' ? { port, host: second } : { port }, ...rest };
}

/**
 * @param sctp the server's options of sockets
 * @param given what `createServer` was given
 */
export function listenConfig(
  { options, backlog }: ListenArguments,
  sctp: SctpOptions,
  given: (name: string) => unknown,
): ListenConfig {
  checkOffered(options);
  checkOptionNames('listen', options, (name, value) => given(name) === value);
  checkHonoured(options, given);
  const { exclusive, ipv6Only, reusePort = sctp.reusePort, signal } = options;
  const port = portOf(options);
  const [host, ...moreHosts] = hostsOf(options);
  const config = {
    port,
    host,
    moreHosts: moreHosts as string[],
    interfaces: checkInterfaces('options.interface', options.interface),
    backlog: backlogOf(options.backlog) || backlog || DEFAULT_BACKLOG,
    ipv6Only: checkBoolean('options.ipv6Only', ipv6Only ?? false),
    reusePort: checkBoolean('options.reusePort', reusePort ?? false),
    ...(signal !== undefined && { signal: checkSignal('options.signal', signal) }),
  };
  checkOneWay(options, ['host', 'localAddresses']);
  checkOwner(exclusive, config.reusePort);
  return config;
}

/** As with `net`, `createServer` may be given what `listen` is given as well. */
function checkHonoured(options: Options, given: (name: string) => unknown): void {
  for (const name of ['port', 'host', 'backlog', 'ipv6Only', 'reusePort'] as const) {
    const value = given(name);
    if (value === undefined || options[name] !== undefined) continue;
    const reason = 'is not an option of createServer(): it belongs in listen()';
    throw invalidArgValue(`options.${name}`, value, reason);
  }
}

/** As `net` finds a backlog among the arguments. */
function countIn(value: unknown): number {
  const count = typeof value === 'symbol' ? NaN : Number(value);
  return count >= 1 ? Math.min(Math.trunc(count), INT32) : 0;
}

function checkOffered(options: Options): void {
  const { fd, handle, _handle, path, port } = options;
  if (handle) throw invalidArgValue('options.handle', handle, NOT_OFFERED.handle);
  if (_handle) throw invalidArgValue('options._handle', _handle, NOT_OFFERED._handle);
  if (typeof fd === 'number' && fd >= 0) {
    throw invalidArgValue('options.fd', fd, NOT_OFFERED.fd);
  }
  const hasPath = typeof path === 'string' && path !== '';
  if (hasPath && !('port' in options && port !== undefined)) {
    throw invalidArgValue('options.path', path, NOT_OFFERED.path);
  }
}

/** Unlike `net`, addresses are enough to listen on: the kernel chooses the port. */
function portOf(options: Options): number {
  const { port, host, localAddresses } = options;
  const isNamed = 'port' in options;
  const hasAddress =
    (typeof host === 'string' && host !== '') ||
    Boolean(localAddresses) ||
    isGiven(options.interface);
  if (!isNamed && !hasAddress && !('path' in options)) {
    throw invalidArgValue('options', options, 'must have the property "port" or "path"');
  }
  if (port === null || (port === undefined && (isNamed || hasAddress))) return 0;
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw invalidArgValue('options', options, 'is invalid');
  }
  return checkPort('options.port', port, { allowZero: true });
}

function hostsOf({ host, localAddresses }: Options): readonly (string | undefined)[] {
  if (localAddresses === undefined || localAddresses === null) return [hostOf(host)];
  if (host) {
    throw invalidArgValue(
      'options.host',
      host,
      'cannot be combined with localAddresses: give one of them',
    );
  }
  const hosts = checkHosts('options.localAddresses', localAddresses);
  if (hosts.length > 1 && hosts.some((address) => address === '::' || address === '0.0.0.0')) {
    const reason = 'contains a wildcard address, which must be the only one';
    throw invalidArgValue('options.localAddresses', localAddresses, reason);
  }
  return hosts;
}

/**
 * Falsy values mean "no host", as for `net`; it reports other types in the words of `dns.lookup`.
 */
function hostOf(value: unknown): string | undefined {
  if (!value) return undefined;
  if (typeof value !== 'string') throw invalidArgType('hostname', 'of type string', value);
  return value;
}

/** 0 means "not given", also since the kernel takes it for "stop listening". */
function backlogOf(value: unknown): number {
  if (!value) return 0;
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return checkInteger('options.backlog', count, 1, INT32);
}

/** With `net`, the workers of a cluster share the primary process's sockets. */
function checkOwner(exclusive: unknown, reusePort: boolean): void {
  if (!cluster.isWorker || exclusive || reusePort) return;
  const reason =
    'must be true in a cluster worker, which shares no SCTP socket with the primary process ' +
    '(to share the port with the other workers, give reusePort: true instead)';
  throw invalidArgValue('options.exclusive', exclusive, reason);
}
