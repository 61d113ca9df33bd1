/** What `net` calls keep-alive are SCTP's heartbeats, which are on by default. */
import type { SctpOptions } from '../../types/options';
import { invalidArgType } from '../errors';
import { INT32 } from '../validate';

type Params = NonNullable<SctpOptions['peerAddrParams']>;

/** @param delay ms a path is quiet before a heartbeat is sent; 0 keeps what it is */
export function withKeepAlive(params: Params, enable: boolean, delay: number): Params {
  const { hbInterval, ...others } = params;
  if (!enable) return { ...others, hbEnable: false };
  const interval = delay > 0 ? delay : hbInterval;
  return { ...others, hbEnable: true, ...(interval !== undefined && { hbInterval: interval }) };
}

/** `net` takes whatever is no number for 0. */
export function toMilliseconds(delay: unknown): number {
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
