/** How messages are fragmented, scheduled, abandoned and delivered. */
import { constants } from '../../constants';
import { invalidArgValue, outOfRange } from '../../errors';
import { checkPpid } from '../../protocols/ppid';
import { checkInteger, UINT16, UINT32 } from '../../validate';
import { choice, type FieldKind, flag, integer } from '../fields';
import { prPolicies, schedulers } from '../policies';
import type { OptionRows } from '../row';

/** A packet of the smallest path that IP allows must hold a chunk, and an IP packet is no longer. */
const MIN_SEG = 444;
const MAX_SEG = 65_516;

const maxSeg: FieldKind = {
  ...integer('bytes', 0, MAX_SEG),
  toNative(name, value) {
    const size = checkInteger(name, value, 0, MAX_SEG);
    if (size !== 0 && size < MIN_SEG) throw outOfRange(name, `0 or >= ${String(MIN_SEG)}`, value);
    return size;
  },
};

export const messageRows = {
  disableFragments: {
    source: 'RFC 6458 §8.1.11 SCTP_DISABLE_FRAGMENTS',
    fields: flag(1),
    reach: 'none',
  },
  maxSeg: {
    source: 'RFC 6458 §8.1.16 SCTP_MAXSEG',
    fields: maxSeg,
    reach: 'future',
    remedy: 'On an IPv4 socket it must be at least 464 bytes',
  },
  partialDeliveryPoint: {
    source: 'RFC 6458 §8.1.21 SCTP_PARTIAL_DELIVERY_POINT',
    fields: integer('bytes', 0, UINT32),
    reach: 'none',
    remedy: 'It must not be above half of what getOption("rcvBuf") returns',
  },
  context: {
    source: 'RFC 6458 §8.1.25 SCTP_CONTEXT',
    fields: integer('number', 0, UINT32),
    reach: 'all',
  },
  streamScheduler: {
    source: 'RFC 8260 §4.3.2 SCTP_STREAM_SCHEDULER',
    fields: choice(schedulers),
    reach: 'all',
    refusals: { EINVAL: "'fc' and 'wfq' need Linux 6.4: see support().features" },
  },
  streamSchedulerValue: {
    source: 'RFC 8260 §4.3.3 SCTP_STREAM_SCHEDULER_VALUE',
    fields: { sid: integer('stream', 0, UINT16), value: integer('priority or weight', 0, UINT16) },
    reach: 'present',
    arguments: { sid: 'needed' },
    remedy: 'There must be an association that is set up, with a stream of that number to send on',
    check(name, { sid, value }) {
      for (const [field, given] of Object.entries({ sid, value })) {
        if (given === undefined) throw invalidArgValue(`${name}.${field}`, given, 'must be given');
      }
    },
  },
  defaultSndInfo: {
    source: 'RFC 6458 §8.1.31 SCTP_DEFAULT_SNDINFO',
    fields: {
      sid: integer('stream', 0, UINT16),
      ppid: {
        ...integer('identifier', 0, UINT32),
        unit: 'identifier or its name',
        toNative: checkPpid,
      },
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
        // It would silently keep the value of another policy.
        throw invalidArgValue(`${name}.value`, value, 'must be given with the policy');
      }
    },
  },
} satisfies OptionRows;
