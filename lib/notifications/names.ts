/** Names for the numbers in notifications. */
import type { NativeNotification } from '../../types/native-values';
import type {
  AssocChangeState,
  AuthenticationIndication,
  PartialDeliveryIndication,
  PeerAddrChangeState,
} from '../../types/notifications';
import { constants } from '../constants';

type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

export function isRestart(notification: NativeNotification): notification is AssocChange {
  return notification.type === 'assocChange' && notification.state === constants.SCTP_RESTART;
}

type Names<Name> = Readonly<Record<number, Name>>;

export const assocChangeStates: Names<AssocChangeState> = {
  [constants.SCTP_COMM_UP]: 'commUp',
  [constants.SCTP_COMM_LOST]: 'commLost',
  [constants.SCTP_RESTART]: 'restart',
  [constants.SCTP_SHUTDOWN_COMP]: 'shutdownComp',
  [constants.SCTP_CANT_STR_ASSOC]: 'cantStrAssoc',
};

export const peerAddrChangeStates: Names<PeerAddrChangeState> = {
  [constants.SCTP_ADDR_AVAILABLE]: 'available',
  [constants.SCTP_ADDR_UNREACHABLE]: 'unreachable',
  [constants.SCTP_ADDR_REMOVED]: 'removed',
  [constants.SCTP_ADDR_ADDED]: 'added',
  [constants.SCTP_ADDR_MADE_PRIM]: 'madePrim',
  [constants.SCTP_ADDR_CONFIRMED]: 'confirmed',
  [constants.SCTP_ADDR_POTENTIALLY_FAILED]: 'potentiallyFailed',
};

export const partialDeliveryIndications: Names<PartialDeliveryIndication> = {
  [constants.SCTP_PARTIAL_DELIVERY_ABORTED]: 'aborted',
};

export const authenticationIndications: Names<AuthenticationIndication> = {
  [constants.SCTP_AUTH_NEW_KEY]: 'newKey',
  [constants.SCTP_AUTH_FREE_KEY]: 'freeKey',
  [constants.SCTP_AUTH_NO_AUTH]: 'noAuth',
};
