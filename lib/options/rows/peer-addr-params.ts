/** SCTP_PEER_ADDR_PARAMS: how paths are watched. */
import { constants } from '../../constants';
import { invalidArgValue, outOfRange } from '../../errors';
import { checkInteger, UINT16, UINT32 } from '../../validate';
import { type FieldKind, flag, integer, peerAddress } from '../fields';
import type { OptionRow } from '../row';

/** What the kernel accepts at least, and what an IP packet can be. */
const MIN_MTU = 512;
const MAX_MTU = 65_535;

const pathMtu: FieldKind = {
  ...integer('bytes', 0, MAX_MTU),
  toNative(name, value) {
    const mtu = checkInteger(name, value, 0, MAX_MTU);
    if (mtu !== 0 && mtu < MIN_MTU) throw outOfRange(name, `0 or >= ${String(MIN_MTU)}`, value);
    return mtu;
  },
};

/** As in RFC 6458: in the upper six bits, where it is in an IP header too. */
const dscp: FieldKind = {
  ...integer('DSCP << 2', 0, 0xfc),
  toNative(name, value) {
    const bits = checkInteger(name, value, 0, 0xfc);
    if (bits % 4 !== 0) throw outOfRange(name, 'a multiple of 4 (the DSCP << 2)', value);
    return bits;
  },
};

function inFlags(kind: FieldKind): FieldKind {
  return { ...kind, native: 'flags' };
}

/** The kernel has a value only if it was set. */
function ifFlagged(bit: number, kind: FieldKind): FieldKind {
  return {
    ...kind,
    fromNative: (value, { flags }) => ((Number(flags) & bit) === 0 ? undefined : value),
  };
}

/** What the kernel would silently ignore: a field, and the switch that makes it. */
const ignored = [
  { field: 'hbInterval', by: 'hbEnable', when: false, unless: undefined },
  { field: 'pathMtu', by: 'pmtudEnable', when: true, unless: 0 },
  { field: 'sackDelay', by: 'sackDelayEnable', when: false, unless: 0 },
] as const;

export const peerAddrParams: OptionRow = {
  source: 'RFC 6458 §8.1.12 SCTP_PEER_ADDR_PARAMS',
  fields: {
    address: peerAddress,
    hbInterval: integer('ms', 0, UINT32),
    pathMaxRxt: integer('retransmissions', 0, UINT16),
    pathMtu,
    sackDelay: integer('ms', 0, 500),
    hbEnable: inFlags(flag(constants.SPP_HB_ENABLE)),
    pmtudEnable: inFlags(flag(constants.SPP_PMTUD_ENABLE)),
    sackDelayEnable: inFlags(flag(constants.SPP_SACKDELAY_ENABLE)),
    ipv6FlowLabel: ifFlagged(constants.SPP_IPV6_FLOWLABEL, integer('label', 0, 0xfffff)),
    dscp: ifFlagged(constants.SPP_DSCP, dscp),
  },
  reach: 'future',
  arguments: { address: 'optional' },
  remedy: 'The address must be one of the peer, with its port, in an association that is set up',
  check(name, value) {
    for (const { field, by, when, unless } of ignored) {
      const given = value[field];
      if (value[by] === when && given !== undefined && given !== unless) {
        throw invalidArgValue(
          `${name}.${field}`,
          given,
          `has no effect with ${by}: ${String(when)}`,
        );
      }
    }
  },
  flags(value) {
    const either = (given: unknown, on: number, off: number): number =>
      given === undefined ? 0 : given === true ? on : off;
    return (
      either(
        value['hbInterval'] === undefined ? value['hbEnable'] : true,
        constants.SPP_HB_ENABLE,
        constants.SPP_HB_DISABLE,
      ) |
      either(
        value['pathMtu'] ? false : value['pmtudEnable'],
        constants.SPP_PMTUD_ENABLE,
        constants.SPP_PMTUD_DISABLE,
      ) |
      either(
        value['sackDelay'] ? true : value['sackDelayEnable'],
        constants.SPP_SACKDELAY_ENABLE,
        constants.SPP_SACKDELAY_DISABLE,
      ) |
      (value['hbInterval'] === 0 ? constants.SPP_HB_TIME_IS_ZERO : 0) |
      (value['ipv6FlowLabel'] === undefined ? 0 : constants.SPP_IPV6_FLOWLABEL) |
      (value['dscp'] === undefined ? 0 : constants.SPP_DSCP)
    );
  },
};
