/** Paths to the peer: how they are watched, and which is used. */
import { constants } from '../../constants';
import { outOfRange } from '../../errors';
import { checkInteger, UINT16, UINT32 } from '../../validate';
import { type FieldKind, integer, localAddress, peerAddress } from '../fields';
import type { OptionRows } from '../row';
import { peerAddrParams } from './peer-addr-params';

const { SPP_DSCP } = constants;

/** As it stands in IP headers, without the two bits of ECN. */
const dscp: FieldKind = {
  unit: 'code point',
  range: '0 to 63',
  toNative: (name, value) => checkInteger(name, value, 0, 63) << 2,
  fromNative: (value, { flags }) => ((Number(flags) & SPP_DSCP) === 0 ? 0 : Number(value) >> 2),
};

/** The kernel accepts no shorter interval. */
const MIN_PROBE_INTERVAL = 5000;

const probeInterval: FieldKind = {
  ...integer('ms', 0, UINT32),
  toNative(name, value) {
    const interval = checkInteger(name, value, 0, UINT32);
    if (interval !== 0 && interval < MIN_PROBE_INTERVAL) {
      throw outOfRange(name, `0 or >= ${String(MIN_PROBE_INTERVAL)}`, value);
    }
    return interval;
  },
};

const anAddressOfThePeer =
  'The address must be one of the peer, with its port, in an association that is set up';

export const pathRows = {
  // Before delayedSack, which can say more about the same delay.
  peerAddrParams,
  delayedSack: {
    source: 'RFC 6458 §8.1.19 SCTP_DELAYED_SACK',
    fields: { delay: integer('ms', 0, 500), freq: integer('packets', 0, UINT32) },
    reach: 'all',
  },
  dscp: {
    source: 'RFC 6458 §8.1.12 SCTP_PEER_ADDR_PARAMS, spp_dscp',
    fields: dscp,
    reach: 'future',
    flags: () => SPP_DSCP,
  },
  peerAddrThresholds: {
    source: 'RFC 7829 §7.2 SCTP_PEER_ADDR_THLDS',
    fields: {
      address: peerAddress,
      pathMaxRxt: integer('retransmissions', 0, UINT16),
      pathPfThreshold: integer('retransmissions', 0, UINT16),
      pathCpThreshold: integer('retransmissions', 0, UINT16),
    },
    reach: 'future',
    arguments: { address: 'optional' },
    keepsByReading: true,
    older: { layout: 'peerAddrThresholdsV1', lacks: ['pathCpThreshold'] },
    refusals: {
      ENOENT: anAddressOfThePeer,
      EINVAL: 'pathPfThreshold must not be above pathCpThreshold',
    },
    remedy: anAddressOfThePeer,
    check(name, { pathPfThreshold: pf, pathCpThreshold: cp }) {
      if (typeof pf === 'number' && typeof cp === 'number' && pf > cp) {
        throw outOfRange(`${name}.pathPfThreshold`, `<= pathCpThreshold (${String(cp)})`, pf);
      }
    },
  },
  remoteUdpEncapsPort: {
    source: 'RFC 6951 §6.1 SCTP_REMOTE_UDP_ENCAPS_PORT',
    fields: { address: peerAddress, port: integer('port', 0, UINT16) },
    reach: 'future',
    arguments: { address: 'optional' },
    refusals: { ENOENT: anAddressOfThePeer },
    remedy: anAddressOfThePeer,
  },
  plpmtudProbeInterval: {
    source: 'linux/sctp.h SCTP_PLPMTUD_PROBE_INTERVAL, RFC 8899',
    fields: { address: peerAddress, interval: probeInterval },
    reach: 'future',
    arguments: { address: 'optional' },
    remedy: anAddressOfThePeer,
  },
  primaryAddr: {
    source: 'RFC 6458 §8.1.9 SCTP_PRIMARY_ADDR',
    fields: peerAddress,
    reach: 'one',
    remedy: 'It must be an address of the peer, with its port, in an association that is set up',
  },
  setPeerPrimaryAddr: {
    source: 'RFC 6458 §8.3.1 SCTP_SET_PEER_PRIMARY_ADDR',
    fields: localAddress,
    reach: 'one',
    writeOnly: true,
    refusals: {
      EPERM: 'Both sides must have set asconfSupported and authSupported before they associated',
      EADDRNOTAVAIL: 'It must be an address of ours, with our port, that the peer knows',
      ENOTCONN: 'The association must be up',
    },
    remedy: 'It must be an address of ours, with our port, in an association that is set up',
  },
} satisfies OptionRows;
