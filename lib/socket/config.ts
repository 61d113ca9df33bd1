/** What sockets are made with: the options of Socket, checked and completed. */
import type { BlockList } from 'node:net';
import { getDefaultHighWaterMark } from 'node:stream';

import type { SctpOptions } from '../../types/options';
import type { OnReadOptions, SocketOptions } from '../../types/socket';
import { checkStallAction } from '../association/stall-watch';
import { defaultOptions, mergeOptions } from '../defaults';
import { type EngineChoice, engineChoice } from '../engine/choice';
import { invalidArgValue } from '../errors';
import { defaultWriteMark } from '../high-water-mark';
import type { Tally } from '../messages/tally';
import { checkOptionNames, type OptionTaker } from '../option-names';
import { checkNotifications, type NotificationChoice } from '../notifications/choice';
import { markCommon } from '../options/common';
import { DEFAULT_RCV_BUF } from '../options/receive-window';
import { checkNeeds, withImplied } from '../options/sctp-options';
import {
  checkBoolean,
  checkInteger,
  checkObject,
  checkOneOf,
  checkSignal,
  INT32,
  isGiven,
} from '../validate';
import { heartbeatDelay, withKeepAlive } from './keep-alive';
import { checkOnRead } from './reading/user-buffer';
import { givenOptions, sctpOptionNames } from './short-options';

const MIB = 1024 * 1024;
const MAX_MESSAGE_SIZE = 64 * MIB;

export interface SocketConfig extends EngineChoice {
  allowHalfOpen: boolean;
  captureRejections: boolean;
  /** For the readable side. */
  highWaterMark: number;
  writableHighWaterMark: number;
  onread?: OnReadOptions;
  /** Shared by a server's sockets: counts what waits to be read in all of them. */
  tally?: Tally;
  maxMessageSize: number;
  /** Milliseconds; 0 waits for ever. */
  closeTimeout: number;
  /** Milliseconds; 0 never calls an association stalled. */
  stallTimeout: number;
  stallAction: 'report' | 'abort';
  notifications: NotificationChoice;
  splits: boolean;
  byteStream: boolean;
  sctp: SctpOptions;
  /** Whether it was made of these. They may hold a key, so they are kept in this closure only. */
  isSource?: (options: unknown) => boolean;
  signal?: AbortSignal;
  /** A server's: its peers may not have these addresses. */
  blockList?: BlockList;
}

/** Room for some round trips, and no waiting to bundle small messages. */
const DEFAULT_OPTIONS = {
  sndBuf: MIB,
  rcvBuf: DEFAULT_RCV_BUF,
  noDelay: true,
  // So that a message can be answered on its own stream, whichever of the usual peers sent it.
  initMsg: { numOstreams: 64 },
} as const satisfies SctpOptions;

type Options = Partial<
  Record<
    keyof SocketOptions | 'objectMode' | 'readableObjectMode' | 'writableObjectMode' | 'blockList',
    unknown
  >
>;

/** @param taker whose options they are */
export function socketConfig(value: unknown, taker: OptionTaker = 'Socket'): SocketConfig {
  const options: Options =
    value === undefined || value === null ? {} : checkObject('options', value);
  refuseObjectMode(options);
  if (taker !== 'createServer') refuseBlockList(options);
  checkOptionNames(taker, options);
  const { signal, onread, maxMessageSize = 16 * MIB, closeTimeout = 30_000 } = options;
  const { stallTimeout = 10_000, stallAction = 'report' } = options;
  const byteStream = isGiven(options.byteStream)
    ? checkBoolean('options.byteStream', options.byteStream)
    : false;
  const { engine, udpPort } = engineChoice(options);
  // Without `...`, of which V8 makes an object with a hidden class of its own.
  const config: SocketConfig = {
    allowHalfOpen: Boolean(options.allowHalfOpen),
    captureRejections: Boolean(options.captureRejections),
    highWaterMark: highWaterMarkOf(options, 'readableHighWaterMark'),
    writableHighWaterMark: highWaterMarkOf(options, 'writableHighWaterMark'),
    maxMessageSize: checkInteger('options.maxMessageSize', maxMessageSize, 1, MAX_MESSAGE_SIZE),
    closeTimeout: checkInteger('options.closeTimeout', closeTimeout, 0, INT32),
    stallTimeout: checkInteger('options.stallTimeout', stallTimeout, 0, INT32),
    stallAction: checkStallAction(stallAction, stallTimeout),
    notifications: checkNotifications('options.notifications', options.notifications),
    splits: splits(options, byteStream),
    byteStream,
    engine,
    sctp: sctpOptions(options),
    isSource: (given) => given === value,
  };
  if (udpPort !== undefined) config.udpPort = udpPort;
  if (isGiven(onread)) config.onread = checkOnRead(onread);
  if (isGiven(signal)) config.signal = checkSignal('signal', signal); // named as by `net`
  return config;
}

/** A byte stream has no messages that could be too long. */
function splits({ oversize }: Options, byteStream: boolean): boolean {
  if (!isGiven(oversize)) return byteStream;
  const isSplit = checkOneOf('options.oversize', oversize, ['error', 'split']) === 'split';
  if (byteStream && !isSplit) {
    throw invalidArgValue('options.oversize', oversize, 'contradicts byteStream: leave it out');
  }
  return isSplit;
}

/** In object mode `tls` and others could not use the socket. */
function refuseObjectMode(options: Options): void {
  for (const name of ['objectMode', 'readableObjectMode', 'writableObjectMode'] as const) {
    const value = options[name];
    if (value) throw invalidArgValue(`options.${name}`, value, 'is not supported');
  }
}

/** Options of Node 22 and later: refused, lest a user believe that it guards an association. */
function refuseBlockList({ blockList }: Options): void {
  if (!isGiven(blockList)) return;
  const reason =
    'is offered by createServer() alone: who connects names the addresses, and has remoteAddresses';
  throw invalidArgValue('options.blockList', blockList, reason);
}

/** Field by field: what is given, else what `defaults` has set, else ours. */
function sctpOptions(options: Options): SctpOptions {
  for (const name of sctpOptionNames) if (options[name] !== undefined) return ownOptions(options);
  const byDefault = defaultOptions();
  if (common?.byDefault !== byDefault) {
    common = { byDefault, sctp: markCommon(ownOptions({})) };
  }
  return common.sctp;
}

/** What all sockets have that say nothing of it: the same object. */
let common: { byDefault: SctpOptions; sctp: SctpOptions } | undefined;

function ownOptions(options: Options): SctpOptions {
  const { keepAlive, keepAliveInitialDelay } = options;
  const delay = heartbeatDelay(keepAliveInitialDelay);
  const given = mergeOptions(defaultOptions(), givenOptions(options));
  const sctp = mergeOptions(DEFAULT_OPTIONS, withImplied(given));
  checkNeeds('options.sctp', sctp);
  if (!isGiven(keepAlive)) return sctp;
  const params = withKeepAlive(sctp.peerAddrParams ?? {}, {
    enable: Boolean(keepAlive),
    initialDelay: delay,
    count: 0,
  });
  return { ...sctp, peerAddrParams: params };
}

function highWaterMarkOf(
  options: Options,
  name: 'readableHighWaterMark' | 'writableHighWaterMark',
): number {
  const standard =
    name === 'writableHighWaterMark' ? defaultWriteMark() : getDefaultHighWaterMark(false);
  const value = options.highWaterMark ?? options[name] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw invalidArgValue(`options.${name}`, value, 'is invalid');
}
