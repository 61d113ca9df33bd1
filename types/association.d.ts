/** What every association offers, whether it is a Socket or one of many on an endpoint. */
import type { Address, AddressInput } from './address';
import type {
  OlderStatus,
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from './options';
import type { Notification } from './notifications';
import type { Path, PathChange, PeerInfo } from './paths';

/** What `status()` returns. */
export type AssociationStatus = OptionValues['status'] & OlderStatus;

/** The events of every association, and the arguments that their listeners get. */
export interface AssociationEvents {
  /** From the kernel, as soon as it is read: notifications do not wait for data. */
  notification: [notification: Notification];
  /** The addresses of either end, or which is the peer's primary one, have changed. */
  'address-change': [];
  /** A path to the peer has changed. */
  path: [change: PathChange];
  /** `peerInfoByAddress` is read again: at each change, and every 5 seconds. */
  'peer-info-update': [];
  /** A message that was accepted could not be delivered; it goes with the error. */
  sendFailed: [error: SendFailedError];
  /**
   * The peer has restarted the association: it does not know the former one. What it had not
   * acknowledged is lost and reported by 'sendFailed'. Without a listener, for this event or
   * 'notification', such a loss ends the association: 'error' with ECONNRESET.
   */
  restart: [info: RestartInfo];
  /**
   * The peer has shut down while messages of ours were under way: before 'end' of a socket. They
   * are lost, though its kernel acknowledges them, if its program no longer reads.
   */
  unconfirmed: [info: UnconfirmedInfo];
  /** Something is unacknowledged, and the peer has acknowledged nothing for `stallTimeout`. */
  stalled: [info: StallInfo];
  /** After 'stalled': the peer acknowledges messages again. */
  recovered: [];
  /** The peer has reset streams of its own (our incoming ones), or had us reset ours. */
  'streams-reset': [streams: StreamLists];
  /** The peer has reset the numbering of the whole association. */
  'association-reset': [];
  /** The peer has added streams of its own (our incoming ones), or had us add some. */
  'streams-added': [streams: Required<AddedStreams>];
}

/** The members of every association. */
export interface AssociationMembers {
  /** Outbound streams, as negotiated; undefined while there is no association. */
  readonly OS: number | undefined;
  /** Inbound streams, as negotiated; undefined while there is no association. */
  readonly MIS: number | undefined;

  /** Our address that is used to reach `remoteAddress`; it may change with that. */
  readonly localAddress: string | undefined;
  /** 'IPv4' or 'IPv6': of `localAddress`. */
  readonly localFamily: string | undefined;
  /** Our port, the same for all our addresses. */
  readonly localPort: number | undefined;
  /** All our addresses in the association, while it lasts; then the last ones known. */
  readonly localAddresses: string[];
  /** The peer's primary address; it may change. */
  readonly remoteAddress: string | undefined;
  /** 'IPv4' or 'IPv6': of `remoteAddress`. */
  readonly remoteFamily: string | undefined;
  /** The peer's port, the same for all its addresses. */
  readonly remotePort: number | undefined;
  /** All the peer's addresses in the association, while it lasts; then the last ones known. */
  readonly remoteAddresses: string[];
  /** The local end, or an empty object if there is none. */
  address(): Address | Record<string, never>;
  /** As `localAddresses`, with family and port. */
  getLocalAddresses(): Address[];

  /** Reads an option. @throws ERR_SCTP_OPTION if the kernel refuses */
  getOption<Name extends ReadableOptionName>(
    name: Name,
    ...args: OptionArguments<Name>
  ): OptionValues[Name];
  /** Sets an option. @throws ERR_SCTP_OPTION if the kernel refuses */
  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void;
  /** The association's state (RFC 6458 §8.2.1). @throws ERR_SOCKET_CLOSED if there is none */
  status(): AssociationStatus;
  /**
   * Waits until the peer's SCTP has acknowledged everything that was written.
   * @returns rejected if that can no longer happen
   */
  dry(): Promise<void>;

  /** The paths to the peer, as they are now; none while there is no association. */
  readonly paths: Path[];
  /**
   * The same by address, as RFC 6458 §8.2.2 has it, for each of `remoteAddresses`; undefined where
   * the kernel does not, or no longer, report it.
   */
  readonly peerInfoByAddress: Record<string, PeerInfo | undefined>;
  /**
   * Adds an address of this machine to the association. It is ours at once; the peer uses it after
   * it has confirmed it, which the kernel does not report to this end.
   *
   * @throws a system error, explained, if the kernel refuses it or cannot announce it: EPERM
   * without sctp.asconfSupported at both ends, EADDRNOTAVAIL, EADDRINUSE, EINVAL, ENOTCONN
   */
  addLocalAddress(address: AddressInput): void;
  /**
   * Takes an address of ours out of the association. It is no longer sent from; it stays in
   * `localAddresses` until the peer has agreed, and then 'address-change' comes.
   *
   * @throws as `addLocalAddress`; EBUSY for the last one
   */
  removeLocalAddress(address: AddressInput): void;
  /**
   * Sends to this address of the peer from now on, as long as it works (RFC 6458 §8.1.9).
   * 'address-change' follows, and 'path' with `change: 'madePrim'`.
   *
   * @throws a system error, explained, if it is not an address of the peer
   */
  setPrimary(address: AddressInput): void;
  /**
   * Asks the peer to do the same with an address of ours (RFC 6458 §8.3.1). The kernel does not
   * report whether it does.
   *
   * @throws as `addLocalAddress`; EADDRNOTAVAIL if it is not an address of ours
   */
  setPeerPrimary(address: AddressInput): void;
  /**
   * Sends a heartbeat to an address of the peer now (RFC 6458 §8.1.12, SPP_HB_DEMAND). If that
   * changes anything, 'path' follows.
   *
   * @throws a system error, explained, if it is not an address of the peer
   */
  requestHeartbeat(address: AddressInput): void;

  /**
   * Restarts the numbering of messages (`ssn`; RFC 6525 §6.3.2): on outgoing streams at once, on
   * incoming ones by asking the peer for it. An empty list means every stream. It waits for what
   * has been written on these streams; write no more until it is done.
   *
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  resetStreams(streams: StreamLists): Promise<void>;
  /**
   * Adds streams (RFC 6525 §6.3.4): outgoing ones, and incoming ones by asking the peer for them.
   *
   * @param streams how many more
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  addStreams(streams: AddedStreams): Promise<void>;
  /**
   * Restarts the numbering on all streams of both sides, and that of packets too (RFC 6525
   * §6.3.3), as soon as everything sent is acknowledged. Write no more until it is done.
   *
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  resetAssociation(): Promise<void>;
}

/** Streams by number, 0 to 65534. An empty list means every stream. */
export interface StreamLists {
  /** Those we send on. */
  outgoing?: number[];
  /** Those the peer sends on. */
  incoming?: number[];
}

/** How many streams more. */
export interface AddedStreams {
  /** Those we send on, 1 to 65535. */
  outgoing?: number;
  /** Those the peer sends on, 1 to 65535. */
  incoming?: number;
}

/** The streams of the association that a peer has restarted. */
export interface RestartInfo {
  /** Streams to the peer. */
  outboundStreams: number;
  /** Streams from the peer. */
  inboundStreams: number;
}

/** What was under way when the peer shut down. */
export interface UnconfirmedInfo {
  /** Bytes that the peer had not acknowledged, with the kernel's overhead. */
  unacknowledgedBytes: number;
}

/** A peer that acknowledges nothing. */
export interface StallInfo {
  /** Milliseconds for which the peer has acknowledged nothing, at least. */
  duration: number;
  /** Bytes that the kernel holds for the peer, with its own overhead. */
  unacknowledgedBytes: number;
  /** Bytes for which the peer has room, as far as is known. */
  peerWindow: number;
}

/** A message that was not delivered, as 'sendFailed' has it. */
export interface SendFailedError extends Error {
  /** The same for all. */
  code: 'ERR_SCTP_SEND_FAILED';
  /** The whole message. */
  data: Buffer;
  /** Stream it was for. */
  sid: number;
  /** Payload protocol identifier, in host order. */
  ppid: number;
  /** The number that was given when it was sent. */
  context: number;
  /** It was to be delivered as soon as it arrived. */
  unordered: boolean;
  /** It was on the wire: whether it has arrived is unknown. */
  sent: boolean;
}
