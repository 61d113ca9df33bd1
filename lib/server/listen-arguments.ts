/** The arguments of `listen`, in all their forms, checked. Nothing is opened here. */
import type { ListenOptions } from '../../types/socket';
import { invalidArgType, invalidArgValue } from '../errors';
import { checkBoolean, checkHosts, checkInteger, checkPort, checkSignal, INT32 } from '../validate';

/** What `net` asks for. */
const DEFAULT_BACKLOG = 511;

export interface ListenConfig {
  port: number;
  /** A name or an address; nothing for every address. */
  host: string | undefined;
  /** Bound along with the host. */
  moreHosts: readonly string[];
  backlog: number;
  ipv6Only: boolean;
  signal?: AbortSignal;
}

type Options = Partial<Record<keyof ListenOptions | 'path' | 'fd', unknown>>;

/** `(options[, listener])` or `([port[, host[, backlog]]][, listener])` */
export function listenArguments(args: readonly unknown[]): {
  options: Options;
  listener?: () => void;
} {
  const last = args.at(-1);
  const listener = typeof last === 'function' ? { listener: last as () => void } : {};
  const [first, ...rest] = args;
  if (typeof first === 'object' && first !== null) return { options: first, ...listener };
  const host = rest.find((value) => typeof value === 'string');
  const backlog = rest.find((value) => typeof value === 'number');
  const port = typeof first === 'function' ? undefined : first;
  return { options: { port, host, backlog }, ...listener };
}

export function listenConfig(options: Options): ListenConfig {
  const { port = 0, backlog, ipv6Only = false, localAddresses, signal } = options;
  for (const name of ['path', 'fd'] as const) {
    if (options[name] !== undefined && options[name] !== null && options.port === undefined) {
      throw invalidArgValue(`options.${name}`, options[name], 'is not offered: SCTP has ports');
    }
  }
  const [host, ...moreHosts] =
    localAddresses === undefined || localAddresses === null
      ? [hostOf(options.host)]
      : listenHosts(localAddresses, options.host);
  return {
    port: checkPort('options.port', port ?? 0, { allowZero: true }),
    host,
    moreHosts: moreHosts as string[],
    backlog: backlogOf(backlog),
    ipv6Only: checkBoolean('options.ipv6Only', ipv6Only),
    ...(signal !== undefined && { signal: checkSignal('options.signal', signal) }),
  };
}

function hostOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalidArgType('options.host', 'of type string', value);
  return value;
}

function listenHosts(value: unknown, host: unknown): readonly string[] {
  if (host !== undefined) {
    throw invalidArgValue('options.host', host, 'cannot go with localAddresses: give one of them');
  }
  return checkHosts('options.localAddresses', value);
}

/** The kernel takes 0 for "stop listening". */
function backlogOf(value: unknown): number {
  if (value === undefined || value === null || value === 0) return DEFAULT_BACKLOG;
  return checkInteger('options.backlog', value, 1, INT32);
}
