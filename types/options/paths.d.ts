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

/**
 * When a path is given up for others (RFC 7829 §7.2, SCTP_PEER_ADDR_THLDS): of associations to
 * come; with `address`, the path to it. What is left out keeps its value.
 */
export interface PeerAddrThresholds {
  /** An address of the peer. */
  address?: Address;
  /** Retransmissions in a row after which the path is inactive. Set to 0 keeps the value. */
  pathMaxRxt: number;
  /** Retransmissions in a row after which it is potentially failed; 0 at the first time-out. */
  pathPfThreshold: number;
  /**
   * Retransmissions in a row after which another path becomes the primary; not below
   * `pathPfThreshold`, 65535 for never. Linux 5.5.
   */
  pathCpThreshold: number;
}

/**
 * Packets go in UDP (RFC 6951 §6.1, SCTP_REMOTE_UDP_ENCAPS_PORT): those of associations to come;
 * with `address`, those to it. Both machines need net.sctp.udp_port before their sockets are made.
 */
export interface RemoteUdpEncapsPort {
  /** An address of the peer. */
  address?: Address;
  /** The peer's UDP port, usually 9899; 0 for packets without UDP. */
  port: number;
}

/**
 * Packets are made to find how large they may be (RFC 8899; Linux, SCTP_PLPMTUD_PROBE_INTERVAL), on
 * paths of associations to come; with `address`, on that to it.
 */
export interface PlpmtudProbeInterval {
  /** An address of the peer. */
  address?: Address;
  /** Milliseconds between them, at least 5000; 0 for none. */
  interval: number;
}

export interface PathOptions {
  peerAddrParams: PeerAddrParams;
  delayedSack: Required<DelayedSack>;
  /**
   * Differentiated services code point of packets, 0 to 63: 46 for EF (RFC 2474). Short for
   * `peerAddrParams.dscp`, which has it as RFC 6458 wants it, four times as high.
   */
  dscp: number;
  peerAddrThresholds: PeerAddrThresholds;
  remoteUdpEncapsPort: RemoteUdpEncapsPort;
  plpmtudProbeInterval: PlpmtudProbeInterval;
  /** The peer's address that is used unless a path fails (RFC 6458 §8.1.9, SCTP_PRIMARY_ADDR). */
  primaryAddr: Address;
  /**
   * Asks the peer to make an address of ours its primary (RFC 6458 §8.3.1,
   * SCTP_SET_PEER_PRIMARY_ADDR). Can only be set.
   */
  setPeerPrimaryAddr: Address;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface PathInputs {
  peerAddrParams: OfPath<PeerAddrParams>;
  peerAddrThresholds: OfPath<PeerAddrThresholds>;
  remoteUdpEncapsPort: OfPath<RemoteUdpEncapsPort>;
  plpmtudProbeInterval: OfPath<PlpmtudProbeInterval>;
  primaryAddr: AddressInput;
  setPeerPrimaryAddr: AddressInput;
}

/** Options whose structs name a path, or none. */
type OfPath<Struct> = Partial<Omit<Struct, 'address'>> & { address?: AddressInput };

/** What `getOption` is told after the name. */
export interface PathArguments {
  peerAddrParams: [args?: { address?: AddressInput }];
  peerAddrThresholds: [args?: { address?: AddressInput }];
  remoteUdpEncapsPort: [args?: { address?: AddressInput }];
  plpmtudProbeInterval: [args?: { address?: AddressInput }];
}
