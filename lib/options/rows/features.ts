/** Extensions of SCTP, most of which the peer must support too. Who needs another comes after it. */
import { flag } from '../fields';
import type { OptionRows } from '../row';

export const featureRows = {
  fragmentInterleave: {
    source: 'RFC 6458 §8.1.20 SCTP_FRAGMENT_INTERLEAVE',
    fields: flag(1),
    reach: 'none',
  },
} satisfies OptionRows;
