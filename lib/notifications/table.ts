/**
 * The types of notifications, one row each. The option `notifications`, what sockets subscribe to,
 * and the documentation follow from this table.
 */
import type { NotificationType } from '../../types/notifications';
import type { ParsedNotification } from '../../types/parsed-notifications';
import { constants } from '../constants';

export interface NotificationRow {
  /** The kernel's number of the type, which SCTP_EVENT takes. */
  readonly number: number;
  /** Which struct `parsed` has. */
  readonly struct: keyof ParsedNotification;
  /** Where it is defined. */
  readonly source: string;
  /** When the kernel sends it. */
  readonly when: string;
  /**
   * `always`: our own state depends on it (the native side subscribes to it). `listened`: while
   * there is a listener. `asked`: so frequent that it must be asked for.
   */
  readonly subscribed: 'always' | 'listened' | 'asked';
}

export const notificationTable: Readonly<Record<NotificationType, NotificationRow>> = {
  assocChange: {
    number: constants.SCTP_ASSOC_CHANGE,
    struct: 'sn_assoc_change',
    source: 'RFC 6458 §6.1.1',
    when: 'the association comes up, ends, is lost, is restarted by the peer, or cannot be started',
    subscribed: 'always',
  },
  peerAddrChange: {
    number: constants.SCTP_PEER_ADDR_CHANGE,
    struct: 'sn_paddr_change',
    source: 'RFC 6458 §6.1.2',
    when: "an address of the peer's becomes reachable or unreachable, is added, removed, confirmed or made primary",
    subscribed: 'listened',
  },
  remoteError: {
    number: constants.SCTP_REMOTE_ERROR,
    struct: 'sn_remote_error',
    source: 'RFC 6458 §6.1.3',
    when: 'the peer sends an ERROR chunk',
    subscribed: 'listened',
  },
  sendFailed: {
    number: constants.SCTP_SEND_FAILED_EVENT,
    struct: 'sn_send_failed_event',
    source: 'RFC 6458 §6.1.11',
    when: 'a fragment of a message could not be delivered',
    subscribed: 'always',
  },
  shutdown: {
    number: constants.SCTP_SHUTDOWN_EVENT,
    struct: 'sn_shutdown_event',
    source: 'RFC 6458 §6.1.5',
    when: 'the peer shuts the association down',
    subscribed: 'always',
  },
  adaptation: {
    number: constants.SCTP_ADAPTATION_INDICATION,
    struct: 'sn_adaptation_event',
    source: 'RFC 6458 §6.1.6',
    when: 'the peer announced an adaptation layer other than 0 when the association came up',
    subscribed: 'listened',
  },
  partialDelivery: {
    number: constants.SCTP_PARTIAL_DELIVERY_EVENT,
    struct: 'sn_pdapi_event',
    source: 'RFC 6458 §6.1.7',
    when: 'the rest of a partially received message will not come',
    subscribed: 'always',
  },
  authentication: {
    number: constants.SCTP_AUTHENTICATION_EVENT,
    struct: 'sn_authkey_event',
    source: 'RFC 6458 §6.1.8',
    when: 'a key is no longer used, or the peer does not authenticate chunks',
    subscribed: 'listened',
  },
  senderDry: {
    number: constants.SCTP_SENDER_DRY_EVENT,
    struct: 'sn_sender_dry_event',
    source: 'RFC 6458 §6.1.9',
    when: 'the peer has acknowledged everything: with short exchanges, after each message',
    subscribed: 'asked',
  },
  streamReset: {
    number: constants.SCTP_STREAM_RESET_EVENT,
    struct: 'sn_strreset_event',
    source: 'RFC 6525 §6.1.1',
    when: 'streams have been reset, by either side',
    subscribed: 'listened',
  },
  assocReset: {
    number: constants.SCTP_ASSOC_RESET_EVENT,
    struct: 'sn_assocreset_event',
    source: 'RFC 6525 §6.1.2',
    when: "the association's sequence numbers have been reset, by either side",
    subscribed: 'listened',
  },
  streamChange: {
    number: constants.SCTP_STREAM_CHANGE_EVENT,
    struct: 'sn_strchange_event',
    source: 'RFC 6525 §6.1.3',
    when: 'streams have been added, by either side',
    subscribed: 'listened',
  },
};

export const notificationTypes = Object.keys(notificationTable) as NotificationType[];
