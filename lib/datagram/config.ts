/** The arguments of `open`, checked and completed. Nothing is opened here. */
import { isIPv6Address } from '../addresses/family';
import type { OnReceive, OpenOptions } from '../../types/datagram';
import type { SctpOptions } from '../../types/options';
import { addressesOf, checkInterfaces, checkOneWay } from '../addresses/interfaces';
import { invalidArgValue } from '../errors';
import { checkPr } from '../messages/info';
import { checkStrictOptions } from '../option-names';
import { DEFAULT_RCV_BUF } from '../options/receive-window';
import { checkNeeds, checkOptions, withImplied } from '../options/sctp-options';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkIp,
  checkPort,
  INT32,
  UINT32,
  type Family,
} from '../validate';

const MAX_MESSAGE_SIZE = 64 * 1024 * 1024;
const MIB = 1024 * 1024;
/** Several of the longest messages that may be allowed. */
const DEFAULT_UNFINISHED = 256 * MIB;
const DEFAULT_WAITING = 4 * MIB;
/** For so many peers there is room at their limit. */
const PEERS_WAITING = 16;

export interface DatagramConfig {
  /** Tried in this order; the first that this machine has is bound. */
  hosts: readonly { host: string; family: Family }[];
  /** Bound along with that. */
  moreHosts: readonly string[];
  port: number;
  maxMessageSize: number;
  /** What the user calls it, for messages. */
  maxMessageSizeName: 'recvMaxlen' | 'maxMessageSize';
  /** For each peer. */
  sendBufferLimit: number;
  totalSendBufferLimit: number;
  /** Bytes of unfinished messages. */
  maxUnfinishedBytes: number;
  maxAssociations: number;
  copy: boolean;
  sctp: SctpOptions;
  onReceive: OnReceive;
}

type WaitingLimits = Pick<DatagramConfig, 'sendBufferLimit' | 'totalSendBufferLimit'>;

/** Timers for a private network, prompt sending, and messages that may overtake each other. */
const DEFAULT_OPTIONS = {
  reuseAddr: true,
  sndBuf: MIB,
  rcvBuf: DEFAULT_RCV_BUF,
  // A peer that leaves a long message unfinished must not silence the others.
  fragmentInterleave: true,
  rtoInfo: { initial: 250, min: 200, max: 5000 },
  noDelay: true,
  defaultSndInfo: { unordered: true },
  defaultPrInfo: { policy: 'ttl', value: 30_000 },
} as const satisfies SctpOptions;

const OPTION_NAMES = [
  'host',
  'interface',
  'port',
  'maxMessageSize',
  'maxUnfinishedBytes',
  'maxAssociations',
  'unordered',
  'pr',
  'sendBufferLimit',
  'totalSendBufferLimit',
  'autoClose',
  'copy',
  'sctp',
] as const satisfies readonly (keyof OpenOptions)[];

/** `open(bindHost, bindPort, recvMaxlen, onRecv)` */
export function positionalConfig(
  host: unknown,
  port: unknown,
  recvMaxlen: unknown,
  onRecv: unknown,
): DatagramConfig {
  const family = checkIp('bindHost', host);
  const checkedPort = checkPort('bindPort', port, { allowZero: true });
  const maxMessageSize = checkInteger('recvMaxlen', recvMaxlen, 1, MAX_MESSAGE_SIZE);
  const config = {
    hosts: [{ host: host as string, family }],
    moreHosts: [],
    port: checkedPort,
    maxMessageSize,
    maxUnfinishedBytes: DEFAULT_UNFINISHED,
    maxAssociations: Infinity,
    maxMessageSizeName: 'recvMaxlen',
    sendBufferLimit: DEFAULT_WAITING,
    totalSendBufferLimit: PEERS_WAITING * DEFAULT_WAITING,
    copy: false,
    sctp: completeOptions({}, family),
  } as const;
  checkFunction('onRecv', onRecv);
  return { ...config, onReceive: onRecv as OnReceive };
}

/** `open({ host, port, … }, onRecv)` */
export function optionsConfig(value: unknown, onRecv: unknown): DatagramConfig {
  const options: Options = checkStrictOptions(value, OPTION_NAMES);
  const { port = 0, maxMessageSize = 16 * MIB, copy = false } = options;
  const longest = checkInteger('options.maxMessageSize', maxMessageSize, 1, MAX_MESSAGE_SIZE);
  const { maxUnfinishedBytes = DEFAULT_UNFINISHED, maxAssociations } = options;
  const sctp = shortOptions(options);
  checkOneWay(options, ['host']);
  const [first, ...moreHosts] = addressesOf(
    checkInterfaces('options.interface', options.interface),
  );
  const hosts =
    first === undefined
      ? hostsOf(options.host, sctp.v6Only !== undefined)
      : [{ host: first, family: familyOfAll([first, ...moreHosts]) }];
  const family = hosts[0]?.family ?? 4;
  const config = {
    hosts,
    moreHosts,
    port: checkPort('options.port', port, { allowZero: true }),
    maxMessageSize: longest,
    maxUnfinishedBytes: checkInteger('options.maxUnfinishedBytes', maxUnfinishedBytes, 0, UINT32),
    maxAssociations:
      maxAssociations === undefined
        ? Infinity
        : checkInteger('options.maxAssociations', maxAssociations, 0, INT32),
    maxMessageSizeName: 'maxMessageSize',
    ...waitingLimits(options),
    copy: checkBoolean('options.copy', copy),
    sctp: completeOptions(sctp, family),
  } as const;
  checkFunction('onRecv', onRecv);
  return { ...config, onReceive: onRecv as OnReceive };
}

type Options = Partial<Record<keyof OpenOptions, unknown>>;

function waitingLimits(options: Options): WaitingLimits {
  const check = (name: keyof WaitingLimits, byDefault: number): number => {
    const { [name]: value = byDefault } = options;
    return checkInteger(`options.${name}`, value, 0, Number.MAX_SAFE_INTEGER);
  };
  const sendBufferLimit = check('sendBufferLimit', DEFAULT_WAITING);
  const ofAll = Math.min(PEERS_WAITING * sendBufferLimit, Number.MAX_SAFE_INTEGER);
  return { sendBufferLimit, totalSendBufferLimit: check('totalSendBufferLimit', ofAll) };
}

/** An IPv6 socket takes IPv4 addresses as well, and not the other way round. */
function familyOfAll(hosts: readonly string[]): Family {
  return hosts.some(isIPv6Address) ? 6 : 4;
}

/** Without a host: every address of the machine, as `net` does it. */
function hostsOf(host: unknown, needsIPv6: boolean): DatagramConfig['hosts'] {
  if (host === undefined) {
    const all = [
      { host: '::', family: 6 },
      { host: '0.0.0.0', family: 4 },
    ] as const;
    return needsIPv6 ? all.slice(0, 1) : all;
  }
  return [{ host: host as string, family: checkIp('options.host', host) }];
}

/** `unordered`, `pr` and `autoClose` are short for options that `sctp` can also set. */
function shortOptions(options: Options): SctpOptions {
  const sctp = checkOptions('options.sctp', options.sctp, 'one-to-many');
  const short: SctpOptions = {};
  if (options.unordered !== undefined) {
    const unordered = checkBoolean('options.unordered', options.unordered);
    short.defaultSndInfo = { ...sctp.defaultSndInfo, unordered };
  }
  if (options.autoClose !== undefined) {
    short.autoClose = checkInteger('options.autoClose', options.autoClose, 0, INT32);
  }
  if (options.pr !== undefined) short.defaultPrInfo = checkPr('options.pr', options.pr);
  return { ...sctp, ...short };
}

function completeOptions(given: SctpOptions, family: Family): SctpOptions {
  if (family === 4 && given.v6Only !== undefined) {
    throw invalidArgValue('options.sctp.v6Only', given.v6Only, 'needs an IPv6 host');
  }
  const complete: SctpOptions = {
    ...DEFAULT_OPTIONS,
    ...(family === 6 && { v6Only: false }),
    ...withImplied(given),
    rtoInfo: { ...DEFAULT_OPTIONS.rtoInfo, ...given.rtoInfo },
    defaultSndInfo: { ...DEFAULT_OPTIONS.defaultSndInfo, ...given.defaultSndInfo },
    defaultPrInfo: { ...DEFAULT_OPTIONS.defaultPrInfo, ...given.defaultPrInfo },
  };
  // Again: what was given must also fit what was added.
  checkOptions('options.sctp', complete, 'one-to-many');
  checkNeeds('options.sctp', complete);
  return complete;
}
