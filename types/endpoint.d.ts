/** Options of `createEndpoint`, and the events of endpoints and of their associations. */
import type { AssociationEvents, SendFailedError } from './association';
import type { ErrorCause, Notification, NotificationType } from './notifications';
import type { ReceivedInfo } from './messages';
import type { SctpOptions } from './options';
import type { ConnectOptions } from './socket';

/** Options of `createEndpoint`. */
export interface EndpointOptions {
  /**
   * Associations at a time. A peer that begins one more is aborted, with 'drop'; `connect` fails.
   * For peers, those that are over count while something of them was not read. Default: no limit.
   */
  maxAssociations?: number | undefined;
  /**
   * Seconds after which an association over which nothing was sent or received is shut down: short
   * for `sctp.autoClose`. Default: never.
   */
  autoClose?: number | undefined;
  /**
   * Bytes of an association that may wait to be read (default 65536). Beyond, the kernel holds its
   * peer back, and the others go on.
   */
  highWaterMark?: number | undefined;
  /**
   * The same, of all associations together (default 67108864). Beyond, the kernel holds back the
   * peers of those with more than an equal part, and peers that begin another are aborted, with
   * 'drop'.
   */
  totalHighWaterMark?: number | undefined;
  /**
   * Bytes of an association that may wait to be sent before `send` returns false (default: Node's
   * own, and 65536 before Node 22, too).
   */
  writableHighWaterMark?: number | undefined;
  /**
   * Bytes of an association that may wait to be sent at all (default 4194304). Each message counts
   * its length and 256 bytes. Beyond, `send` throws ERR_SCTP_SEND_BUFFER_FULL.
   */
  sendBufferLimit?: number | undefined;
  /** The same, of all associations together (default 67108864). */
  totalSendBufferLimit?: number | undefined;
  /**
   * Bytes, 1 to 67108864 (default 16777216). A peer that sends a longer message is aborted: 'close'
   * with ERR_SCTP_MESSAGE_TOO_LARGE.
   */
  maxMessageSize?: number | undefined;
  /**
   * Bytes of messages of all associations that have come in part (default 268435456). A peer whose
   * message finds no room is aborted, as beyond `maxMessageSize`.
   */
  maxUnfinishedBytes?: number | undefined;
  /**
   * Milliseconds without progress after which an association that is ending is aborted (default
   * 30000): 'close' with ERR_SCTP_CLOSE_TIMEOUT. Messages of one that is over are dropped after
   * this time without a listener or loop. 0 waits for ever.
   */
  closeTimeout?: number | undefined;
  /** As of sockets: milliseconds (default 10000) until 'stalled'. 0: never. */
  stallTimeout?: number | undefined;
  /** As of sockets: 'abort' ends an association on which nothing is acknowledged any longer. */
  stallAction?: 'report' | 'abort' | undefined;
  /** The types that 'notification' reports. Default: all but 'senderDry'. */
  notifications?: 'all' | readonly NotificationType[] | undefined;
  /** Messages get memory of their own, exactly as long as they are (default false). */
  copy?: boolean | undefined;
  /** Outbound streams to ask for, 1 to 65535: short for `sctp.initMsg.numOstreams`. */
  OS?: number | undefined;
  /** Inbound streams to allow, 1 to 65535: short for `sctp.initMsg.maxInstreams`. */
  MIS?: number | undefined;
  /** Payload protocol identifier of messages that name none. A number, or a name in `PPID`. */
  ppid?: number | string | undefined;
  /** Listeners that return a rejected Promise make 'error' of it. */
  captureRejections?: boolean | undefined;
  /** Socket options, set before binding. */
  sctp?: SctpOptions | undefined;
}

/** Where an endpoint is bound. */
export interface EndpointBindOptions {
  /** Numeric address; default: every address, IPv6 and IPv4. */
  host?: string | undefined;
  /** Numeric addresses, instead of `host`. */
  localAddresses?: readonly string[] | undefined;
  /** Network interfaces whose addresses to bind, all of them, instead of `host`: 'eth0'. */
  interface?: string | readonly string[] | undefined;
  /** 0 to 65535; 0, the default, lets the kernel choose. */
  port?: number | undefined;
}

/** Options of an endpoint's `listen`. */
export interface EndpointListenOptions extends EndpointBindOptions {
  /** The kernel does not limit associations by it; anything positive listens (default 511). */
  backlog?: number | undefined;
}

/** Options of an endpoint's `connect`. */
export type EndpointConnectOptions = Pick<
  ConnectOptions,
  | 'port'
  | 'host'
  | 'remoteAddresses'
  | 'family'
  | 'lookup'
  | 'hints'
  | 'connectTimeout'
  | 'OS'
  | 'MIS'
  | 'signal'
>;

/** What ends an association on an endpoint. */
export type AssociationEndReason =
  /** Shut down in order, by either side: everything that was accepted has arrived. */
  | 'shutdown'
  /** By the peer's ABORT. */
  | 'aborted'
  /** The peer no longer answers. */
  | 'lost'
  /** By an ABORT of ours: `abort`, `destroy`, or an error that 'close' has. */
  | 'local'
  /** It goes on as a Socket: see `peelOff`. */
  | 'peeledOff';

/** How an association has ended. */
export interface AssociationEnd {
  /** Which way. */
  reason: AssociationEndReason;
  /** Absent after an end in order, `abort` without a reason, and `peelOff`. */
  error?: Error;
  /** The error causes in the peer's ABORT. */
  causes: ErrorCause[];
}

/** The arguments that the listeners of an endpoint's association get. */
export interface EndpointAssociationEvents extends AssociationEvents {
  /** One whole message. */
  message: [data: Buffer, info: ReceivedInfo];
  /** After `send` has returned false: everything was handed to the kernel. */
  drain: [];
  /** The peer has shut down: nothing more can be sent, and no more messages come. */
  end: [];
  /** It is over; nothing follows. */
  close: [end: AssociationEnd];
}

/** A peer that was refused: see `maxAssociations`. */
export interface EndpointDrop {
  /** The peer's primary address. */
  remoteAddress: string;
  /** The peer's port. */
  remotePort: number;
  /** 'IPv4' or 'IPv6': of `remoteAddress`. */
  remoteFamily: string;
}

/** The arguments that each event's listeners get. */
export interface EndpointEventMap<Association> {
  /** The endpoint listens. */
  listening: [];
  /** An association is up. @param inbound the peer has begun it */
  association: [association: Association, inbound: boolean];
  /** One whole message, after the association's own listeners. */
  message: [data: Buffer, info: ReceivedInfo, association: Association];
  /** From the kernel, about any association; for those that never came up, without one. */
  notification: [notification: Notification, association: Association | undefined];
  /** A message that was accepted could not be delivered; it goes with the error. */
  sendFailed: [error: SendFailedError, association: Association];
  /** An association that a peer has begun was refused. */
  drop: [drop: EndpointDrop];
  /** The endpoint cannot listen, or the descriptor has an error. */
  error: [error: Error];
  /** The endpoint is closed, after all of its associations. */
  close: [];
}

/** What `for await` gets from an endpoint. */
export interface EndpointMessage<Association> {
  /** The whole message. */
  data: Buffer;
  /** What the kernel reports of it. */
  info: ReceivedInfo;
  /** Where it came from. */
  association: Association;
}

export {};
