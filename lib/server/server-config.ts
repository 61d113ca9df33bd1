/** What servers are made with: the options of `createServer`, checked and completed. */
import { getDefaultHighWaterMark } from 'node:stream';

import type { SctpOptions } from '../../types/options';
import type { ServerOptions } from '../../types/server';
import { invalidArgType } from '../errors';
import { type SocketConfig, socketConfig } from '../socket/config';
import type { Socket } from '../socket/socket';
import { checkBoolean, checkInteger, checkSignal, INT32 } from '../validate';

type Options = Partial<Record<keyof ServerOptions, unknown>>;
export type ConnectionListener = (socket: Socket) => void;

export interface ServerConfig {
  /** Of the sockets that are accepted. */
  socket: SocketConfig;
  pauseOnConnect: boolean;
  keepAlive: boolean;
  /** Milliseconds, 0 for the kernel's. */
  keepAliveInitialDelay: number;
  signal?: AbortSignal;
}

/** `([options][, connectionListener])` */
export function serverArguments(
  first: unknown,
  second: unknown,
): { options: Options; listener?: ConnectionListener } {
  if (typeof first === 'function') return { options: {}, listener: first as ConnectionListener };
  const options = first ?? {};
  if (typeof options !== 'object') throw invalidArgType('options', 'of type object', options);
  if (second === undefined || second === null) return { options };
  if (typeof second !== 'function') {
    throw invalidArgType('connectionListener', 'of type function', second);
  }
  return { options, listener: second as ConnectionListener };
}

/** What EventEmitter is constructed with. */
export function emitterOptions({
  captureRejections,
}: Options): { captureRejections: boolean } | undefined {
  if (captureRejections === undefined) return undefined;
  return { captureRejections: checkBoolean('options.captureRejections', captureRejections) };
}

export function serverConfig(options: Options): ServerConfig {
  const { signal, ...others } = options;
  const { sctp, ...socket } = socketConfig({ ...others, ...sizes(options) });
  const delay = delayOf(options.keepAliveInitialDelay);
  const { keepAlive } = options;
  if (keepAlive !== undefined && keepAlive !== null) {
    sctp.peerAddrParams = heartbeats(Boolean(keepAlive), delay, sctp.peerAddrParams);
  }
  return {
    socket: { ...socket, sctp },
    pauseOnConnect: Boolean(options.pauseOnConnect),
    keepAlive: sctp.peerAddrParams?.hbEnable ?? true,
    keepAliveInitialDelay: delay,
    ...(signal !== undefined &&
      signal !== null && { signal: checkSignal('options.signal', signal) }),
  };
}

/** As with `net`, less than none is the default. */
function sizes({ highWaterMark }: Options): Options {
  if (highWaterMark === undefined || highWaterMark === null) return {};
  if (typeof highWaterMark !== 'number') {
    throw invalidArgType('options.highWaterMark', 'of type number', highWaterMark);
  }
  return { highWaterMark: highWaterMark < 0 ? getDefaultHighWaterMark(false) : highWaterMark };
}

function delayOf(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number') {
    throw invalidArgType('options.keepAliveInitialDelay', 'of type number', value);
  }
  const delay = Number.isNaN(value) ? 0 : Math.max(0, Math.trunc(value));
  return checkInteger('options.keepAliveInitialDelay', delay, 0, INT32);
}

type HeartbeatOptions = NonNullable<SctpOptions['peerAddrParams']>;

function heartbeats(
  enable: boolean,
  delay: number,
  given: HeartbeatOptions = {},
): HeartbeatOptions {
  const { hbInterval, ...others } = given;
  if (!enable) return { ...others, hbEnable: false };
  const interval = delay > 0 ? delay : hbInterval;
  return { ...others, hbEnable: true, ...(interval !== undefined && { hbInterval: interval }) };
}
