/** How associations start, and when they are given up. */
import { outOfRange } from '../../errors';
import { UINT16, UINT32 } from '../../validate';
import { flag, integer, readOnly } from '../fields';
import type { OptionRows } from '../row';

export const associationRows = {
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
} satisfies OptionRows;
