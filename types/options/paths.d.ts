/** Paths to the peer: how they are watched, and which is used. */

import type { Address, AddressInput } from '../address';

/**
 * How paths are watched (RFC 6458 §8.1.12, SCTP_PEER_ADDR_PARAMS): those of associations to come;
 * with `address`, the path to it. The kernel rounds times of live paths up to its tick (1 to 10 ms).
 * What is left out keeps its value. A field and a switch that makes the kernel ignore it
 * (`hbEnable: false` with `hbInterval`, …) are refused together.
 */
export interface PeerAddrParams {
  /** An address of the peer. */
  address?: Address;
  /** Milliseconds between heartbeats, on top of the RTO. Setting it switches them on. */
  hbInterval: number;
  /** Retransmissions in a row after which the path is inactive. Set to 0 keeps the value. */
  pathMaxRxt: number;
  /**
   * Bytes of the largest packet, 512 to 65535. Setting it fixes it: `pmtudEnable` becomes false.
   * 0 is read as long as the path is not known; set to 0 it keeps the value.
   */
  pathMtu: number;
  /** Milliseconds, up to 500, as in `delayedSack`. Set to 0 keeps the value. */
  sackDelay: number;
  /** Whether heartbeats are sent. */
  hbEnable: boolean;
  /** Whether the path's MTU is discovered. */
  pmtudEnable: boolean;
  /** Whether acknowledgements may wait. Setting `sackDelay` switches it on. */
  sackDelayEnable: boolean;
  /** 0 to 1048575, absent unless it was set; of no effect on IPv4. */
  ipv6FlowLabel?: number;
  /**
   * Differentiated services code point in the upper six bits, where RFC 6458 has it, so a multiple
   * of 4: 184 for EF. Absent unless it was set.
   */
  dscp?: number;
}

/** When received data is acknowledged (RFC 6458 §8.1.19, SCTP_DELAYED_SACK). 0 or absent keeps. */
export interface DelayedSack {
  /** Milliseconds, up to 500. */
  delay?: number;
  /** Packets; 1 acknowledges each at once. */
  freq?: number;
}

export interface PathOptions {
  peerAddrParams: PeerAddrParams;
  delayedSack: Required<DelayedSack>;
  /** The peer's address that is used unless a path fails (RFC 6458 §8.1.9, SCTP_PRIMARY_ADDR). */
  primaryAddr: Address;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface PathInputs {
  peerAddrParams: Partial<Omit<PeerAddrParams, 'address'>> & { address?: AddressInput };
  primaryAddr: AddressInput;
}

/** What `getOption` is told after the name. */
export interface PathArguments {
  peerAddrParams: [args?: { address?: AddressInput }];
}
