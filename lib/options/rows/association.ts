/** How associations start, run, and are given up. */
import { outOfRange } from '../../errors';
import { INT32, UINT16, UINT32 } from '../../validate';
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
    until: 'associated',
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
  adaptationLayer: {
    source: 'RFC 6458 §8.1.10 SCTP_ADAPTATION_LAYER',
    fields: integer('number', 0, UINT32),
    reach: 'none',
    until: 'associated',
  },
  autoClose: {
    source: 'RFC 6458 §8.1.8 SCTP_AUTOCLOSE',
    fields: integer('s', 0, INT32),
    reach: 'none',
    style: {
      only: 'one-to-many',
      instead: "on a Socket, setTimeout() and end() in 'timeout' do it",
    },
  },
  noDelay: { source: 'RFC 6458 §8.1.5 SCTP_NODELAY', fields: flag(1), reach: 'none' },
  maxBurst: {
    source: 'RFC 6458 §8.1.24 SCTP_MAX_BURST',
    fields: integer('packets', 0, UINT32),
    reach: 'all',
  },
  mappedV4Addr: {
    source: 'RFC 6458 §8.1.15 SCTP_I_WANT_MAPPED_V4_ADDR',
    fields: flag(1),
    reach: 'none',
  },
} satisfies OptionRows;
