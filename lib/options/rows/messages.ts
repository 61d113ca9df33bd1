/** How messages are sent, and when they are given up. */
import { binding } from '../../binding';
import { invalidArgValue, outOfRange } from '../../errors';
import { UINT16, UINT32 } from '../../validate';
import { choice, flag, integer } from '../fields';
import { prPolicies } from '../policies';
import type { OptionRows } from '../row';

const { constants } = binding;

export const messageRows = {
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
} satisfies OptionRows;
