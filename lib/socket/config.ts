/** What sockets are made with: the options of Socket, checked and completed. */
import { getDefaultHighWaterMark } from 'node:stream';

import type { SctpOptions } from '../../types/options';
import type { SocketOptions } from '../../types/socket';
import { checkOptions } from '../options/options';
import {
  checkBoolean,
  checkInteger,
  checkObject,
  checkOneOf,
  checkSignal,
  INT32,
  UINT16,
} from '../validate';

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

/** `noDelay`, `OS` and `MIS` are short for what `sctp` can also set. */
function sctpOptions(options: Partial<Record<keyof SocketOptions, unknown>>): SctpOptions {
  const sctp = checkOptions('options.sctp', options.sctp);
  const { noDelay, OS, MIS } = options;
  const initMsg = {
    ...sctp.initMsg,
    ...(OS !== undefined && { numOstreams: checkInteger('options.OS', OS, 1, UINT16) }),
    ...(MIS !== undefined && { maxInstreams: checkInteger('options.MIS', MIS, 1, UINT16) }),
  };
  return {
    ...DEFAULT_OPTIONS,
    ...sctp,
    ...(noDelay !== undefined && { noDelay: checkBoolean('options.noDelay', noDelay) }),
    ...(Object.keys(initMsg).length > 0 && { initMsg }),
  };
}

function highWaterMarkOf(value: unknown): number {
  if (value === undefined || value === null) return getDefaultHighWaterMark(false);
  return checkInteger('options.highWaterMark', value, 1, Number.MAX_SAFE_INTEGER);
}
