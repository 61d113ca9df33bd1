/** What servers are made with: the options of `createServer`, checked and completed. */
import type { BlockList } from 'node:net';

import { checkBlockList } from '../addresses/block-list';
import type { ServerOptions } from '../../types/server';
import { invalidArgType } from '../errors';
import { LimitedTally } from '../messages/tally';
import { copyOfOptions } from '../option-names';
import { type SocketConfig, socketConfig } from '../socket/config';
import { heartbeatDelay } from '../socket/keep-alive';
import type { Socket } from '../socket/socket';
import { checkBoolean, checkInteger, checkSignal, isGiven, isObject } from '../validate';

type Options = Partial<Record<keyof ServerOptions, unknown>>;
export type ConnectionListener = (socket: Socket) => void;

export interface ServerConfig {
  /** For the sockets that are accepted. */
  socket: SocketConfig;
  pauseOnConnect: boolean;
  keepAlive: boolean;
  /** Milliseconds, 0 for the kernel's. */
  keepAliveInitialDelay: number;
  signal?: AbortSignal;
  blockList?: BlockList;
  /** An option as it was given. They may hold a key, so they are kept in this closure only. */
  given: (name: string) => unknown;
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
  const { signal, blockList, totalHighWaterMark } = options;
  // As with `net`, an array says nothing.
  const copy = isObject(options) ? copyOfOptions('createServer', options) : {};
  const given = { ...copy, ...sizes(options), signal: undefined, onread: undefined };
  const socket = socketConfig(given, 'createServer');
  return {
    socket: isGiven(totalHighWaterMark)
      ? { ...socket, tally: tallyOf(totalHighWaterMark) }
      : socket,
    pauseOnConnect: Boolean(options.pauseOnConnect),
    keepAlive: socket.sctp.peerAddrParams?.hbEnable ?? true,
    keepAliveInitialDelay: heartbeatDelay(options.keepAliveInitialDelay),
    given: (name) => (options as Record<string, unknown>)[name],
    ...(isGiven(blockList) && { blockList: checkBlockList('options.blockList', blockList) }),
    ...(isGiven(signal) && { signal: checkSignal('options.signal', signal) }),
  };
}

function tallyOf(totalHighWaterMark: unknown): LimitedTally {
  return new LimitedTally(
    checkInteger('options.totalHighWaterMark', totalHighWaterMark, 0, Number.MAX_SAFE_INTEGER),
  );
}

/** As with `net`, a negative value means the default. */
function sizes({ highWaterMark }: Options): Options {
  if (!isGiven(highWaterMark)) return {};
  if (typeof highWaterMark !== 'number') {
    throw invalidArgType('options.highWaterMark', 'of type number', highWaterMark);
  }
  return { highWaterMark: highWaterMark < 0 ? undefined : highWaterMark };
}
