/**
 * The options: one row each, in the order in which they are set on a new socket. Types
 * (types/options.d.ts), struct layouts (native/core/option_layout.cc) and the reference are tested
 * against this table.
 */
import type { OptionName } from '../../types/options';
import { binding } from '../binding';
import { invalidArgValue, outOfRange } from '../errors';
import { INT32, UINT16, UINT32 } from '../validate';
import { choice, flag, integer, peerAddress, readOnly } from './fields';
import { peerAddrParams } from './peer-addr-params';
import type { OptionRow } from './row';
import { assocStats, peerAddrInfo, status } from './status-rows';

const { constants } = binding;

export const prPolicies = {
  none: constants.SCTP_PR_SCTP_NONE,
  ttl: constants.SCTP_PR_SCTP_TTL,
  rtx: constants.SCTP_PR_SCTP_RTX,
  prio: constants.SCTP_PR_SCTP_PRIO,
} as const;

export const optionTable: Readonly<Record<OptionName, OptionRow>> = {
  reuseAddr: { source: 'socket(7) SO_REUSEADDR', fields: flag(1), reach: 'none' },
  v6Only: {
    source: 'RFC 3493 §5.3 IPV6_V6ONLY',
    fields: flag(1),
    reach: 'none',
    remedy: 'It exists on IPv6 sockets only, and can be changed only before binding',
  },
  sndBuf: { source: 'socket(7) SO_SNDBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
  rcvBuf: { source: 'socket(7) SO_RCVBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
  fragmentInterleave: {
    source: 'RFC 6458 §8.1.20 SCTP_FRAGMENT_INTERLEAVE',
    fields: flag(1),
    reach: 'none',
  },
  initMsg: {
    source: 'RFC 6458 §8.1.3 SCTP_INITMSG',
    fields: {
      numOstreams: integer('streams', 0, UINT16),
      maxInstreams: integer('streams', 0, UINT16),
      maxAttempts: integer('attempts', 0, UINT16),
      maxInitTimeo: integer('ms', 0, UINT16),
    },
    reach: 'none',
  },
  rtoInfo: {
    source: 'RFC 6458 §8.1.1 SCTP_RTOINFO',
    fields: {
      initial: integer('ms', 0, UINT32),
      max: integer('ms', 0, UINT32),
      min: integer('ms', 0, UINT32),
    },
    reach: 'future',
    remedy: 'min must not be above max, also where one of them keeps its value',
    check(name, { min, max }) {
      if (typeof min === 'number' && typeof max === 'number' && max !== 0 && min > max) {
        throw outOfRange(`${name}.min`, `<= ${name}.max (${String(max)})`, min);
      }
    },
  },
  assocInfo: {
    source: 'RFC 6458 §8.1.2 SCTP_ASSOCINFO',
    fields: {
      asocMaxRxt: integer('retransmissions', 0, UINT16),
      numberPeerDestinations: readOnly(integer('addresses', 0, UINT16)),
      peerRwnd: readOnly(integer('bytes', 0, UINT32)),
      localRwnd: readOnly(integer('bytes', 0, UINT32)),
      cookieLife: integer('ms', 0, UINT32),
    },
    reach: 'future',
    remedy: "With several paths, asocMaxRxt must not be above the sum of the paths' pathMaxRxt",
  },
  noDelay: { source: 'RFC 6458 §8.1.5 SCTP_NODELAY', fields: flag(1), reach: 'none' },
  // Before delayedSack, which can say more about the same delay.
  peerAddrParams,
  delayedSack: {
    source: 'RFC 6458 §8.1.19 SCTP_DELAYED_SACK',
    fields: { delay: integer('ms', 0, 500), freq: integer('packets', 0, UINT32) },
    reach: 'all',
  },
  defaultSndInfo: {
    source: 'RFC 6458 §8.1.31 SCTP_DEFAULT_SNDINFO',
    fields: {
      sid: integer('stream', 0, UINT16),
      ppid: integer('identifier', 0, UINT32),
      context: integer('number', 0, UINT32),
      unordered: { ...flag(constants.SCTP_UNORDERED), native: 'flags' },
    },
    reach: 'all',
    keepsByReading: true,
    disturbs: 'defaultPrInfo',
  },
  defaultPrInfo: {
    source: 'RFC 6458 §8.1.32 SCTP_DEFAULT_PRINFO',
    fields: {
      policy: choice(prPolicies),
      value: integer('ms, retransmissions or priority', 0, UINT32),
    },
    reach: 'all',
    keepsByReading: true,
    check(name, { policy, value }) {
      if (policy === 'ttl' && value === 0) throw outOfRange(`${name}.value`, '>= 1', value);
      if (policy !== undefined && policy !== 'none' && value === undefined) {
        // It would quietly keep the value of another policy.
        throw invalidArgValue(`${name}.value`, value, 'must be given with the policy');
      }
    },
  },
  primaryAddr: {
    source: 'RFC 6458 §8.1.9 SCTP_PRIMARY_ADDR',
    fields: peerAddress,
    reach: 'one',
    remedy: 'It must be an address of the peer, with its port, in an association that is set up',
  },
  status,
  peerAddrInfo,
  assocStats,
};

export const optionNames = Object.keys(optionTable) as OptionName[];
