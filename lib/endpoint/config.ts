/** What endpoints are made with: the options of `createEndpoint`, checked and completed. */
import type { EndpointOptions } from '../../types/endpoint';
import type { SctpOptions } from '../../types/options';
import { mergeOptions } from '../defaults';
import { defaultWriteMark } from '../high-water-mark';
import { checkStrictOptions } from '../option-names';
import { checkNotifications, type NotificationChoice } from '../notifications/choice';
import { DEFAULT_RCV_BUF } from '../options/receive-window';
import { checkNeeds, checkOptions, withImplied } from '../options/sctp-options';
import { checkPpid } from '../protocols/ppid';
import { checkStallAction } from '../association/stall-watch';
import { checkBoolean, checkInteger, INT32, UINT16 } from '../validate';

const KIB = 1024;
const MIB = 1024 * KIB;
const LONGEST_MESSAGE = 64 * MIB;
const UINT32_MAX = 0xffff_ffff;

export interface EndpointConfig {
  /** Infinity for no limit. */
  maxAssociations: number;
  highWaterMark: number;
  totalHighWaterMark: number;
  writableHighWaterMark: number;
  sendBufferLimit: number;
  totalSendBufferLimit: number;
  maxMessageSize: number;
  maxUnfinishedBytes: number;
  closeTimeout: number;
  stallTimeout: number;
  stallAction: 'report' | 'abort';
  notifications: NotificationChoice;
  copy: boolean;
  captureRejections: boolean;
  sctp: SctpOptions;
}

/** Room for many associations, and no waiting to bundle small messages. */
const DEFAULT_OPTIONS = {
  reuseAddr: true,
  sndBuf: MIB,
  rcvBuf: DEFAULT_RCV_BUF,
  // A peer that leaves a long message unfinished must not silence the others.
  fragmentInterleave: true,
  noDelay: true,
} as const satisfies SctpOptions;

const NAMES = [
  'maxAssociations',
  'autoClose',
  'highWaterMark',
  'totalHighWaterMark',
  'writableHighWaterMark',
  'sendBufferLimit',
  'totalSendBufferLimit',
  'maxMessageSize',
  'maxUnfinishedBytes',
  'closeTimeout',
  'stallTimeout',
  'stallAction',
  'notifications',
  'copy',
  'OS',
  'MIS',
  'ppid',
  'captureRejections',
  'sctp',
] as const satisfies readonly (keyof EndpointOptions)[];

/** For one call, and not for the whole endpoint. */
const PLACES = {
  host: 'it belongs in listen(), bind() or connect() of the endpoint',
  port: 'it belongs in listen(), bind() or connect() of the endpoint',
  interface: 'it belongs in listen() or bind() of the endpoint',
  localAddresses: 'it belongs in listen() or bind() of the endpoint',
  backlog: 'it belongs in listen() of the endpoint',
  remoteAddresses: 'it belongs in connect() of the endpoint',
  connectTimeout: 'it belongs in connect() of the endpoint',
  signal: 'it belongs in connect() of the endpoint',
};

type Options = Partial<Record<keyof EndpointOptions, unknown>>;

export function endpointConfig(value: unknown): EndpointConfig {
  const options: Options = value === undefined ? {} : checkStrictOptions(value, NAMES, PLACES);
  const integer = (
    name: keyof EndpointOptions,
    [byDefault, min, max = Number.MAX_SAFE_INTEGER]: readonly [number, number, number?],
  ): number => {
    const given = options[name];
    return given === undefined ? byDefault : checkInteger(`options.${name}`, given, min, max);
  };
  const { copy = false, captureRejections = false, stallAction = 'report' } = options;
  return {
    maxAssociations: integer('maxAssociations', [Infinity, 0]),
    highWaterMark: integer('highWaterMark', [64 * KIB, 1]),
    totalHighWaterMark: integer('totalHighWaterMark', [64 * MIB, 1]),
    writableHighWaterMark: integer('writableHighWaterMark', [defaultWriteMark(), 0]),
    sendBufferLimit: integer('sendBufferLimit', [4 * MIB, 0]),
    totalSendBufferLimit: integer('totalSendBufferLimit', [64 * MIB, 0]),
    maxMessageSize: integer('maxMessageSize', [16 * MIB, 1, LONGEST_MESSAGE]),
    maxUnfinishedBytes: integer('maxUnfinishedBytes', [256 * MIB, 1, UINT32_MAX]),
    closeTimeout: integer('closeTimeout', [30_000, 0, INT32]),
    stallTimeout: integer('stallTimeout', [10_000, 0, INT32]),
    stallAction: checkStallAction(stallAction, options.stallTimeout),
    notifications: checkNotifications('options.notifications', options.notifications),
    copy: checkBoolean('options.copy', copy),
    captureRejections: checkBoolean('options.captureRejections', captureRejections),
    sctp: sctpOptions(options),
  };
}

/** The short ones take precedence over `sctp`. */
function sctpOptions(options: Options): SctpOptions {
  const given = checkOptions('options.sctp', options.sctp, 'one-to-many');
  const sctp = mergeOptions(DEFAULT_OPTIONS, withImplied(mergeOptions(given, short(options))));
  checkNeeds('options.sctp', sctp);
  return sctp;
}

function short({ OS, MIS, ppid, autoClose }: Options): SctpOptions {
  return {
    ...initMsgOf(OS, MIS),
    ...(ppid !== undefined && { defaultSndInfo: { ppid: checkPpid('options.ppid', ppid) } }),
    ...(autoClose !== undefined && {
      autoClose: checkInteger('options.autoClose', autoClose, 0, INT32),
    }),
  };
}

/** Streams to ask for, and to allow. */
export function initMsgOf(OS: unknown, MIS: unknown): Pick<SctpOptions, 'initMsg'> {
  if (OS === undefined && MIS === undefined) return {};
  return {
    initMsg: {
      ...(OS !== undefined && { numOstreams: checkInteger('options.OS', OS, 1, UINT16) }),
      ...(MIS !== undefined && { maxInstreams: checkInteger('options.MIS', MIS, 1, UINT16) }),
    },
  };
}
