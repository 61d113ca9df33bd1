/** Paths: the peer's addresses, as an association sees them. */
import type { PathState } from './options/status';
import type { PeerAddrChangeState } from './notifications';

/** One path to the peer, as it is now (RFC 6458 §8.2.2). */
export interface Path {
  /** The peer's end of it. All have the same port, `remotePort`. */
  address: string;
  /** Whether it can be used (RFC 6458 §8.2.2, RFC 7829 §7.1). */
  state: PathState;
  /** Whether it is the one that is used as long as it works. */
  primary: boolean;
  /** Smoothed round-trip time in milliseconds, as fine as the kernel's tick; 0 before the first. */
  srtt: number;
  /** Retransmission time-out in milliseconds. */
  rto: number;
  /** Congestion window in bytes. */
  cwnd: number;
  /** Bytes of the largest packet. */
  mtu: number;
}

/** What has become of a path (RFC 6458 §6.1.2, RFC 7829 §7.1). */
export interface PathChange {
  /** The peer's end of it. */
  address: string;
  /** What has happened. */
  change: PeerAddrChangeState;
  /** What the path is from now on; absent once it is removed. */
  state?: PathState;
  /** What it was before; absent if it is new, or if nothing was known of it yet. */
  previousState?: PathState;
  /** Whether it is the primary path. */
  primary: boolean;
}

/**
 * A path by the names of RFC 6458 §8.2.2 without their prefix, with the kernel's numbers: see
 * `Path` for words.
 */
export interface PeerInfo {
  /** 0 inactive, 1 potentially failed, 2 active, 3 unconfirmed. */
  state: number;
  /** Congestion window in bytes. */
  cwnd: number;
  /** Smoothed round-trip time in milliseconds. */
  srtt: number;
  /** Retransmission time-out in milliseconds. */
  rto: number;
  /** Bytes of the largest packet. */
  mtu: number;
}
