/** What `net` calls keep-alive are SCTP's heartbeats, which are on by default. */
import type { SctpOptions } from '../../types/options';
import { invalidArgType } from '../errors';
import { INT32, isObject, UINT16 } from '../validate';

type Params = NonNullable<SctpOptions['peerAddrParams']>;

export interface KeepAlive {
  readonly enable: boolean;
  /** ms a path is quiet before a heartbeat is sent; 0 keeps what it is. */
  readonly initialDelay: number;
  /** Unanswered heartbeats until a path has failed; 0 keeps what it is. */
  readonly count: number;
}

/** The arguments of `setKeepAlive`, in both forms. */
export function keepAliveOf(first: unknown, initialDelay: unknown): KeepAlive {
  if (!isObject(first)) {
    return { enable: Boolean(first), initialDelay: toMilliseconds(initialDelay), count: 0 };
  }
  const { enable, initialDelay: delay, interval, count } = first;
  return {
    enable: Boolean(enable),
    initialDelay: toMilliseconds(delay) || toMilliseconds(interval),
    count: Math.min(toMilliseconds(count), UINT16),
  };
}

export function withKeepAlive(params: Params, { enable, initialDelay, count }: KeepAlive): Params {
  const { hbInterval, ...others } = params;
  if (!enable) return { ...others, hbEnable: false };
  const interval = initialDelay > 0 ? initialDelay : hbInterval;
  return {
    ...others,
    hbEnable: true,
    ...(interval !== undefined && { hbInterval: interval }),
    ...(count > 0 && { pathMaxRxt: count }),
  };
}

/** `net` takes whatever is no number for 0. */
function toMilliseconds(delay: unknown): number {
  const value = Math.trunc(Number(delay));
  return value > 0 ? Math.min(value, INT32) : 0;
}

/** The option `keepAliveInitialDelay`; as with `net`, less than 0 is 0. */
export function heartbeatDelay(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number') {
    throw invalidArgType('options.keepAliveInitialDelay', 'of type number', value);
  }
  return toMilliseconds(value);
}
