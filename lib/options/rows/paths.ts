/** Paths to the peer: how they are watched, and which is used. */
import { UINT32 } from '../../validate';
import { integer, peerAddress } from '../fields';
import type { OptionRows } from '../row';
import { peerAddrParams } from './peer-addr-params';

export const pathRows = {
  // Before delayedSack, which can say more about the same delay.
  peerAddrParams,
  delayedSack: {
    source: 'RFC 6458 §8.1.19 SCTP_DELAYED_SACK',
    fields: { delay: integer('ms', 0, 500), freq: integer('packets', 0, UINT32) },
    reach: 'all',
  },
  primaryAddr: {
    source: 'RFC 6458 §8.1.9 SCTP_PRIMARY_ADDR',
    fields: peerAddress,
    reach: 'one',
    remedy: 'It must be an address of the peer, with its port, in an association that is set up',
  },
} satisfies OptionRows;
