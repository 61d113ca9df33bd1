/** Paths to the peer: how they are watched, and which is used. */

import type { Address, AddressInput } from '../address';

/**
 * Value of `peerAddrParams`: for the paths of associations to come; with `address`, for the path to
 * it. The kernel rounds times of live paths up to its tick (1 to 10 ms).
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
   * Reads as 0 while the path is unknown; setting 0 keeps the value.
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

/** Value of `delayedSack`. A field that is 0 or absent keeps what it was. */
export interface DelayedSack {
  /** Milliseconds, up to 500. */
  delay?: number;
  /** Packets; 1 acknowledges each at once. */
  freq?: number;
}

/**
 * Value of `peerAddrThresholds`: for the paths of associations to come; with `address`, for the path
 * to it. What is left out keeps its value.
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
 * Value of `remoteUdpEncapsPort`: for associations to come; with `address`, for packets to it. Both
 * machines need net.sctp.udp_port before their sockets are made.
 */
export interface RemoteUdpEncapsPort {
  /** An address of the peer. */
  address?: Address;
  /** The peer's UDP port, usually 9899; 0 for packets without UDP. */
  port: number;
}

/**
 * Value of `plpmtudProbeInterval`: for the paths of associations to come; with `address`, for the
 * path to it.
 */
export interface PlpmtudProbeInterval {
  /** An address of the peer. */
  address?: Address;
  /** Milliseconds between probes, at least 5000; 0 for none. */
  interval: number;
}

/** Options of paths, with the values `getOption` returns. */
export interface PathOptions {
  /** How paths are watched (RFC 6458 §8.1.12, SCTP_PEER_ADDR_PARAMS). */
  peerAddrParams: PeerAddrParams;
  /** When received data is acknowledged (RFC 6458 §8.1.19, SCTP_DELAYED_SACK). */
  delayedSack: Required<DelayedSack>;
  /**
   * Differentiated services code point of packets, 0 to 63: 46 for EF (RFC 2474). Short for
   * `peerAddrParams.dscp`, which has it as RFC 6458 wants it, four times as high.
   */
  dscp: number;
  /** When a path is given up for others (RFC 7829 §7.2, SCTP_PEER_ADDR_THLDS). */
  peerAddrThresholds: PeerAddrThresholds;
  /** Packets go in UDP (RFC 6951 §6.1, SCTP_REMOTE_UDP_ENCAPS_PORT). */
  remoteUdpEncapsPort: RemoteUdpEncapsPort;
  /**
   * Probes find how large packets may be (RFC 8899; Linux, SCTP_PLPMTUD_PROBE_INTERVAL).
   */
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
  /** With an address, if any, that may be just the text. */
  peerAddrParams: OfPath<PeerAddrParams>;
  /** With an address, if any, that may be just the text. */
  peerAddrThresholds: OfPath<PeerAddrThresholds>;
  /** With an address, if any, that may be just the text. */
  remoteUdpEncapsPort: OfPath<RemoteUdpEncapsPort>;
  /** With an address, if any, that may be just the text. */
  plpmtudProbeInterval: OfPath<PlpmtudProbeInterval>;
  /** The peer's address, which may be just the text. */
  primaryAddr: AddressInput;
  /** An address of ours, which may be just the text. */
  setPeerPrimaryAddr: AddressInput;
}

/** Options whose structs name a path, or none. */
type OfPath<Struct> = Partial<Omit<Struct, 'address'>> & {
  /** An address of the peer: this path alone. */
  address?: AddressInput;
};

/** What `getOption` takes after the name. */
export interface PathArguments {
  /** The path that is meant; none for those of associations to come. */
  peerAddrParams: [args?: WhichPath];
  /** The path that is meant; none for those of associations to come. */
  peerAddrThresholds: [args?: WhichPath];
  /** The path that is meant; none for those of associations to come. */
  remoteUdpEncapsPort: [args?: WhichPath];
  /** The path that is meant; none for those of associations to come. */
  plpmtudProbeInterval: [args?: WhichPath];
}

interface WhichPath {
  /** The peer's end of it. */
  address?: AddressInput;
}

export {};
