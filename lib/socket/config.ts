/** What sockets are made with: the options of Socket, checked and completed. */
import { getDefaultHighWaterMark } from 'node:stream';

import type { SctpOptions } from '../../types/options';
import type { SocketOptions } from '../../types/socket';
import { defaultOptions, mergeOptions } from '../defaults';
import { checkInteger, checkObject, checkOneOf, checkSignal, INT32 } from '../validate';
import { givenOptions } from './short-options';

const MIB = 1024 * 1024;
const MAX_MESSAGE_SIZE = 64 * MIB;

export interface SocketConfig {
  allowHalfOpen: boolean;
  highWaterMark: number;
  maxMessageSize: number;
  /** Milliseconds; 0 waits for ever. */
  closeTimeout: number;
  splits: boolean;
  sctp: SctpOptions;
  signal?: AbortSignal;
}

/** Room for some round trips, and no waiting to bundle small messages. */
const DEFAULT_OPTIONS = {
  sndBuf: MIB,
  rcvBuf: MIB,
  noDelay: true,
} as const satisfies SctpOptions;

export function socketConfig(value: unknown): SocketConfig {
  const options: Partial<Record<keyof SocketOptions, unknown>> =
    value === undefined || value === null ? {} : checkObject('options', value);
  const { signal, maxMessageSize = 16 * MIB, closeTimeout = 30_000, oversize = 'error' } = options;
  return {
    allowHalfOpen: Boolean(options.allowHalfOpen),
    highWaterMark: highWaterMarkOf(options.highWaterMark),
    maxMessageSize: checkInteger('options.maxMessageSize', maxMessageSize, 1, MAX_MESSAGE_SIZE),
    closeTimeout: checkInteger('options.closeTimeout', closeTimeout, 0, INT32),
    splits: checkOneOf('options.oversize', oversize, ['error', 'split']) === 'split',
    sctp: sctpOptions(options),
    ...(signal !== undefined &&
      signal !== null && { signal: checkSignal('options.signal', signal) }),
  };
}

/** Field by field: what is given, else what `defaults` has set, else ours. */
function sctpOptions(options: Partial<Record<keyof SocketOptions, unknown>>): SctpOptions {
  return mergeOptions(mergeOptions(DEFAULT_OPTIONS, defaultOptions()), givenOptions(options));
}

function highWaterMarkOf(value: unknown): number {
  if (value === undefined || value === null) return getDefaultHighWaterMark(false);
  return checkInteger('options.highWaterMark', value, 1, Number.MAX_SAFE_INTEGER);
}
