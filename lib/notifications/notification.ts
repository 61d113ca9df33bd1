/** From the native side's notifications to those that users get: numbers become names. */
import type { NativeNotification } from '../../types/native';
import type {
  AssocChangeState,
  Notification,
  PeerAddrChangeState,
} from '../../types/notifications';
import { binding } from '../binding';

const { constants } = binding;

const assocChangeStates: Readonly<Record<number, AssocChangeState>> = {
  [constants.SCTP_COMM_UP]: 'commUp',
  [constants.SCTP_COMM_LOST]: 'commLost',
  [constants.SCTP_RESTART]: 'restart',
  [constants.SCTP_SHUTDOWN_COMP]: 'shutdownComp',
  [constants.SCTP_CANT_STR_ASSOC]: 'cantStrAssoc',
};

const peerAddrChangeStates: Readonly<Record<number, PeerAddrChangeState>> = {
  [constants.SCTP_ADDR_AVAILABLE]: 'available',
  [constants.SCTP_ADDR_UNREACHABLE]: 'unreachable',
  [constants.SCTP_ADDR_REMOVED]: 'removed',
  [constants.SCTP_ADDR_ADDED]: 'added',
  [constants.SCTP_ADDR_MADE_PRIM]: 'madePrim',
  [constants.SCTP_ADDR_CONFIRMED]: 'confirmed',
  [constants.SCTP_ADDR_POTENTIALLY_FAILED]: 'potentiallyFailed',
};

export function toNotification(native: NativeNotification): Notification {
  switch (native.type) {
    case 'assocChange':
      return { ...native, state: assocChangeStates[native.state] ?? 'unknown' };
    case 'peerAddrChange':
      return { ...native, state: peerAddrChangeStates[native.state] ?? 'unknown' };
    default:
      return native;
  }
}
