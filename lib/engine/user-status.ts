/** What an association of the user-space engine knows of itself, in the kernel's form. */
import type { Address } from '../../types/address';
import type { NativeOptionValues } from '../../types/native-values';
import type { NativeEngineStats } from '../../types/native-engine';
import { binding } from '../binding';
import { constants } from '../constants';

/** By the engine's numbers. */
const STATES = [
  constants.SCTP_CLOSED,
  constants.SCTP_COOKIE_WAIT,
  constants.SCTP_COOKIE_ECHOED,
  constants.SCTP_ESTABLISHED,
  constants.SCTP_SHUTDOWN_PENDING,
  constants.SCTP_SHUTDOWN_SENT,
  constants.SCTP_SHUTDOWN_RECEIVED,
  constants.SCTP_SHUTDOWN_ACK_SENT,
  constants.SCTP_CLOSED,
] as const;

/** The common header of a packet, and that of a chunk with its data. */
const HEADERS = 12 + 16;

/** SCTP_STATUS */
export function status(stats: NativeEngineStats, state: number, peer: Address): NativeOptionValues {
  const fragmentationPoint = stats.mtu - HEADERS;
  const path = pathInfo(stats, peer);
  return {
    assocId: 0,
    state: STATES[state] ?? constants.SCTP_CLOSED,
    rwnd: stats.peerRwnd,
    unackData: Math.ceil(stats.unacknowledgedBytes / fragmentationPoint),
    pendData: stats.unsentMessages,
    inStreams: stats.inboundStreams,
    outStreams: stats.outboundStreams,
    fragmentationPoint,
    primaryAddress: peer,
    primaryState: path['state'] as number,
    primaryCwnd: path['cwnd'] as number,
    primarySrtt: path['srtt'] as number,
    primaryRto: path['rto'] as number,
    primaryMtu: path['mtu'] as number,
  };
}

/** SCTP_GET_PEER_ADDR_INFO */
export function pathInfo(stats: NativeEngineStats, peer: Address): NativeOptionValues {
  return {
    assocId: 0,
    address: peer,
    state: constants.SCTP_ACTIVE,
    cwnd: stats.cwnd,
    srtt: Math.round(((stats.srtt ?? 0) * 1e6) / binding.nanosecondsPerJiffy),
    rto: Math.round(stats.rto),
    mtu: stats.mtu,
  };
}
