/**
 * The seam: everything the native addon exports, and nothing else.
 *
 * Native code knows the kernel's structs and returns numbers. It never throws for what the kernel
 * or a caller does: a failure is a negative errno, and `-EINVAL` also stands for arguments of the
 * wrong type. Only a method applied to a foreign `this` throws a TypeError. Names, defaults,
 * validation and errors are made in lib/.
 */

import type { Address } from './address';
import type { NativeCaptureBinding } from './native-capture';
import type { NativeEngineBinding } from './native-engine';
import type {
  NativeAddressList,
  NativeOptionValues,
  NativePath,
  NotificationNumbers,
} from './native-values';
import type { ParsedNotification } from './parsed-notifications';

/**
 * What the classes of both socket styles share. An association is named by its id, which a
 * one-to-one socket ignores (pass 0).
 */
export interface NativeSocket {
  /**
   * Opens the descriptor, with RCVINFO and the events that matter switched on. From here to
   * `close` the object stays alive and holds the event loop open, unless unreferenced.
   * @returns 0 or negative errno
   */
  open(family: 4 | 6): number;
  /** @param host numeric, with an optional scope. @returns 0 or negative errno */
  bind(host: string, port: number): number;
  /** Binds further addresses, of the same port. @returns 0 or negative errno */
  bindMore(addresses: NativeAddressList): number;
  /** Gives up addresses that were bound, but never the last. @returns 0 or negative errno */
  unbind(addresses: NativeAddressList): number;
  listen(backlog: number): number;
  localAddress(): Address | undefined;
  /** What the descriptor is bound to, whatever its associations use; or negative errno. */
  boundAddresses(): Address[] | number;
  /** Fields that are not named are sent as 0. @returns 0 or negative errno */
  setOption(name: string, values: NativeOptionValues): number;
  /**
   * Sets what `packOptions` has put together, until the kernel refuses one.
   * @returns how many were set, or negative errno
   */
  setOptions(packed: Uint8Array): number;
  /**
   * @param args the fields that say what to get: an association, an address
   * @param fields those that are wanted (default: all): each costs more than the kernel's answer
   */
  getOption(
    name: string,
    args?: NativeOptionValues,
    fields?: readonly string[],
  ): NativeOptionValues | number;
  /**
   * One field of an option, which is a number and never negative; or negative errno. It costs a
   * fraction of `getOption`, which makes an object.
   */
  getNumber(name: string, field: string): number;
  /** What to wait for: `onBatch` is called for the one, `onWritable` for the other. */
  watch(readable: boolean, writable: boolean): number;
  /** How many messages a wake-up may read, 1 to 64 (more is taken as 64). */
  limitReads(count: number): number;
  /** Reads now, through `onBatch`. @returns 1 if there may be more, 0, or negative errno */
  receive(): number;
  /**
   * Switches types of notifications on or off, for all associations, also those being set up; or,
   * on a one-to-many socket, for one (needs SCTP_EVENT, Linux 5.0).
   * @returns 0 or negative errno; -EINVAL for a type that the kernel does not know, or without such
   * an association. With an id, the types before the one refused stay switched
   */
  subscribe(types: NotificationNumbers, on: boolean, assocId?: number): number;
  /**
   * What the peers of all associations have not acknowledged, with the kernel's overhead; or
   * negative errno.
   */
  unacknowledgedBytes(): number;
  ref(): void;
  unref(): void;
  /** Discards unread input and closes. May be called at any time, also from a callback. */
  close(): void;

  /**
   * Sets up an association with a peer's addresses.
   * @returns one-to-one: 0, -EINPROGRESS or another negative errno. One-to-many: the positive id of
   * the association, which may be up already or in progress; or negative errno
   */
  connect(addresses: NativeAddressList): number;
  /**
   * Sends a message to a peer's address: of a one-to-one socket, one other than the primary. A
   * one-to-many socket sets up an association if it has none with this peer. Without host and port
   * the message goes to the primary address of the association with this id. (A lifetime that is
   * given to a message by id before the association is up is over at once.)
   * @returns bytes accepted, or negative errno
   */
  send(data: ArrayBufferView, ...info: [...NativeSendInfo, host?: string, port?: number]): number;
  /**
   * Sends the messages of the first rows of `sendRows`, in their order, to the associations that
   * they name, in as few packets as they fit into.
   * @returns how many were accepted; word 0 of `sendRows` is then 0, or the negative errno (as 32
   * bits) that stopped the next. Or -EINVAL, for rows that cannot be
   */
  sendBurst(count: number): number;
  /**
   * The peer's primary address; of a one-to-one socket that is connecting, the last of several
   * given to `connect`. Nothing once the association is over.
   */
  peerAddress(assocId: number): Address | undefined;
  /** The addresses of this end; or negative errno. */
  localAddresses(assocId: number): Address[] | number;
  /** The addresses of the peer; or negative errno. */
  peerAddresses(assocId: number): Address[] | number;
  /**
   * For each address of the peer what `getOption('peerAddrInfo')` returns, or the address and the
   * negative errno of the refusal; or negative errno.
   */
  peerPaths(assocId: number): NativePath[] | number;
  /**
   * Asks the peer (RFC 6525); a notification reports the answer.
   * @param flags SCTP_STREAM_RESET_INCOMING or _OUTGOING
   * @param streams none: all
   * @returns 0 or negative errno; -EAGAIN while there is data on its way on these streams
   */
  resetStreams(assocId: number, flags: number, streams: readonly number[]): number;
  resetAssociation(assocId: number): number;
  addStreams(assocId: number, incoming: number, outgoing: number): number;
  /**
   * Ends the association after what was sent. (One-to-many: one that is still being set up is
   * forgotten, and nothing reports it.)
   * @returns 0 or negative errno
   */
  shutdown(assocId: number): number;
  /**
   * Ends the association with an ABORT. One-to-one: closes the descriptor, and the peer gets no
   * reason. One-to-many: the descriptor stays.
   * @param reason for the peer (RFC 9260 §3.3.10.12)
   * @returns 0 or negative errno
   */
  abort(assocId: number, reason?: ArrayBufferView): number;

  /**
   * Set by lib/. Called once per wake-up with the number of rows in the shared array `rows`. It
   * must raise `rows[0]`, the index of the next row, before it handles that row: if it throws, the
   * error is an uncaught exception and it is called again for the rest.
   */
  onBatch?: ((count: number, slab: ArrayBuffer, extras: unknown[] | undefined) => void) | undefined;
  /** Set by lib/. */
  onWritable?: (() => void) | undefined;
}

/** How to send a message, as the native side takes it: SCTP_SNDINFO, SCTP_PRINFO and SCTP_AUTHINFO. */
export type NativeSendInfo = readonly [
  sid: number,
  ppid: number,
  flags: number,
  context: number,
  prPolicy: number,
  prValue: number,
  /** By default the active key. */
  authKeyNumber: number | undefined,
  /** Ignored if an address is given. */
  assocId: number,
];

/** A one-to-many socket (SOCK_SEQPACKET). */
export interface NativeSeqpacketSocket extends NativeSocket {
  /**
   * The ids of all associations; of those that are being set up it may still be 0. Or negative errno.
   */
  associationIds(): number[] | number;
  /**
   * Moves an association to a descriptor of its own, which watches nothing yet, with all that was
   * received of it and is not read. Its id stays the same; the loss of such an association is
   * reported even if reading is not watched.
   * @returns negative errno
   */
  peelOff(assocId: number): NativeSeqpacketSocket | number;
}

/**
 * A one-to-one socket (SOCK_STREAM): an association, or a listener.
 *
 * What its kernel has received before an error is delivered before the error, in one go, even if
 * reading is not watched. After the row `end` only notifications follow.
 */
export interface NativeStreamSocket extends NativeSocket {
  /**
   * How many streams the association began with, until its first notification is read: also of one
   * that was over before it was accepted.
   */
  startedStreams(): { outStreams: number; inStreams: number } | undefined;

  /**
   * Set by lib/ on a listener: `socket` is open and watches nothing yet. `peer` is the address that
   * its association was set up from, which the kernel no longer has once it is over.
   */
  onAccept?: (socket: NativeStreamSocket, peer: Address | undefined) => void;
  /** Set by lib/ on a listener. `errno` is negative. */
  onAcceptError?: (errno: number) => void;
  /**
   * Set by lib/ on a listener: more were accepted than should be handed over at once. `receive`
   * hands over the next, and returns 1 if there are more.
   */
  onAcceptRest?: () => void;
}

export interface NativeBinding extends NativeEngineBinding, NativeCaptureBinding {
  /**
   * @param maxMessageSize longer messages are dropped and reported
   * @param maxUnfinished bytes of messages of all associations that have come in part
   * @param reportsEarly whether a message that is too long is reported as soon as it is, its length
   * as 0, for its association to be aborted
   */
  SeqpacketSocket: new (
    maxMessageSize: number,
    maxUnfinished?: number,
    reportsEarly?: boolean,
  ) => NativeSeqpacketSocket;
  /** @param maxMessageSize longer messages are reported as soon as they exceed it */
  StreamSocket: new (maxMessageSize: number) => NativeStreamSocket;
  /**
   * This machine's address that is used to reach another; or the negative errno for which there is
   * no route.
   */
  routeSource(host: string, port: number): Address | number;
  /**
   * Options, each a name followed by its values as `setOption` takes them, for `setOptions`.
   * @returns negative errno for what is no option
   */
  packOptions(options: readonly (string | NativeOptionValues)[]): Uint8Array | number;
  /** The fields of a notification's struct. What is no whole notification has fewer, or none. */
  parseNotification(raw: ArrayBufferView): Partial<ParsedNotification>;
  /** 0 if this kernel has SCTP now, else the negative errno of the system call. */
  probe(): number;

  /** What a wake-up received. Word 0: the next row to deliver. Rows begin at word `firstRow`. */
  rows: Uint32Array;
  firstRow: number;
  rowKinds: Record<
    | 'message'
    | 'largeMessage'
    | 'tooLarge'
    | 'incomplete'
    | 'notification'
    | 'peer'
    | 'slab'
    | 'error'
    | 'end'
    | 'event',
    number
  >;
  /** The place of each column in a row; `count` is the length of a row. */
  rowColumns: Record<
    | 'kind'
    | 'offset'
    | 'length'
    | 'peer'
    | 'assocId'
    | 'sid'
    | 'flags'
    | 'ppid'
    | 'context'
    | 'ssn'
    | 'tsn'
    | 'cumulativeTsn'
    | 'count',
    number
  >;

  /**
   * What `sendBurst` sends. Word 0: the errno that stopped it. Rows begin at word `firstSendRow`;
   * `longestBurst` is how many there are. 2^32 - 1 as `authKey` stands for the active one.
   */
  sendRows: Uint32Array;
  firstSendRow: number;
  longestBurst: number;
  /** The bytes that the rows of `sendRows` refer to. */
  sendMemory: Uint8Array;
  /** The place of each column in a row of `sendRows`; `count` is the length of a row. */
  sendColumns: Record<
    | 'offset'
    | 'length'
    | 'sid'
    | 'ppid'
    | 'flags'
    | 'context'
    | 'prPolicy'
    | 'prValue'
    | 'authKey'
    | 'assocId'
    | 'isDefault'
    | 'isSame'
    | 'count',
    number
  >;

  /** The fields of every option's struct, in its order. */
  optionFields: Record<string, string[]>;
  /** The types of notifications that every socket is subscribed to from the start. */
  essentialNotifications: number[];
  /** Numbers of the kernel's header. */
  constants: Record<
    | 'SCTP_UNORDERED'
    | 'SCTP_ADDR_OVER'
    | 'SCTP_SACK_IMMEDIATELY'
    | 'SCTP_PR_SCTP_NONE'
    | 'SCTP_PR_SCTP_TTL'
    | 'SCTP_PR_SCTP_RTX'
    | 'SCTP_PR_SCTP_PRIO'
    | 'SCTP_PR_SCTP_ALL'
    | 'SCTP_SS_FCFS'
    | 'SCTP_SS_PRIO'
    | 'SCTP_SS_RR'
    | 'SCTP_SS_FC'
    | 'SCTP_SS_WFQ'
    | 'SCTP_ENABLE_RESET_STREAM_REQ'
    | 'SCTP_ENABLE_RESET_ASSOC_REQ'
    | 'SCTP_ENABLE_CHANGE_ASSOC_REQ'
    | 'SCTP_CURRENT_ASSOC'
    | 'SCTP_FUTURE_ASSOC'
    | 'SCTP_ALL_ASSOC'
    | 'SCTP_COMM_UP'
    | 'SCTP_COMM_LOST'
    | 'SCTP_RESTART'
    | 'SCTP_SHUTDOWN_COMP'
    | 'SCTP_CANT_STR_ASSOC'
    | 'SCTP_ASSOC_CHANGE'
    | 'SCTP_PEER_ADDR_CHANGE'
    | 'SCTP_SEND_FAILED'
    | 'SCTP_REMOTE_ERROR'
    | 'SCTP_SHUTDOWN_EVENT'
    | 'SCTP_PARTIAL_DELIVERY_EVENT'
    | 'SCTP_ADAPTATION_INDICATION'
    | 'SCTP_AUTHENTICATION_EVENT'
    | 'SCTP_SENDER_DRY_EVENT'
    | 'SCTP_STREAM_RESET_EVENT'
    | 'SCTP_ASSOC_RESET_EVENT'
    | 'SCTP_STREAM_CHANGE_EVENT'
    | 'SCTP_STREAM_RESET_INCOMING'
    | 'SCTP_STREAM_RESET_OUTGOING'
    | 'SCTP_SEND_FAILED_EVENT'
    | 'SCTP_AUTH_NEW_KEY'
    | 'SCTP_AUTH_FREE_KEY'
    | 'SCTP_AUTH_NO_AUTH'
    | 'SCTP_PARTIAL_DELIVERY_ABORTED'
    | 'SCTP_FAILED_THRESHOLD'
    | 'SCTP_RECEIVED_SACK'
    | 'SCTP_HEARTBEAT_SUCCESS'
    | 'SCTP_CLOSED'
    | 'SCTP_COOKIE_WAIT'
    | 'SCTP_COOKIE_ECHOED'
    | 'SCTP_ESTABLISHED'
    | 'SCTP_SHUTDOWN_PENDING'
    | 'SCTP_SHUTDOWN_SENT'
    | 'SCTP_SHUTDOWN_RECEIVED'
    | 'SCTP_SHUTDOWN_ACK_SENT'
    | 'SCTP_INACTIVE'
    | 'SCTP_PF'
    | 'SCTP_ACTIVE'
    | 'SCTP_UNCONFIRMED'
    | 'SPP_HB_ENABLE'
    | 'SPP_HB_DISABLE'
    | 'SPP_HB_DEMAND'
    | 'SPP_HB_TIME_IS_ZERO'
    | 'SPP_PMTUD_ENABLE'
    | 'SPP_PMTUD_DISABLE'
    | 'SPP_SACKDELAY_ENABLE'
    | 'SPP_SACKDELAY_DISABLE'
    | 'SPP_IPV6_FLOWLABEL'
    | 'SPP_DSCP'
    | 'SCTP_ADDR_AVAILABLE'
    | 'SCTP_ADDR_UNREACHABLE'
    | 'SCTP_ADDR_REMOVED'
    | 'SCTP_ADDR_ADDED'
    | 'SCTP_ADDR_MADE_PRIM'
    | 'SCTP_ADDR_CONFIRMED'
    | 'SCTP_ADDR_POTENTIALLY_FAILED'
    | 'SCTP_DATA_UNSENT'
    | 'SCTP_DATA_SENT'
    | 'SCTP_STREAM_RESET_INCOMING_SSN'
    | 'SCTP_STREAM_RESET_OUTGOING_SSN'
    | 'SCTP_STREAM_RESET_DENIED'
    | 'SCTP_STREAM_RESET_FAILED'
    | 'SCTP_ASSOC_RESET_DENIED'
    | 'SCTP_ASSOC_RESET_FAILED'
    | 'SCTP_STREAM_CHANGE_DENIED'
    | 'SCTP_STREAM_CHANGE_FAILED',
    number
  >;
  /** How long the kernel's jiffy is, in which it counts some times. */
  nanosecondsPerJiffy: number;
}
