/** Options of `Socket` and `connect`, and the events of sockets. */
import type { LookupFunction } from 'node:net';

import type { AssociationEvents } from './association';
import type { EngineOptions } from './engine';
import type { Message, ReceivedInfo } from './messages';
import type { ErrorCause, NotificationType } from './notifications';
import type { DelayedSack, SctpOptions } from './options';
import type { SctpStream } from './streams';

/** Options of `new Socket`, and of the sockets that `connect` and servers make. */
export interface SocketOptions extends EngineOptions {
  /**
   * Whether our side stays open when the peer has ended (default false: it ends too). SCTP has no
   * half-open state: nothing can be sent then, so this only decides when 'finish' comes.
   */
  allowHalfOpen?: boolean | undefined;
  /**
   * Bytes that may wait to be read, and to be sent. Default: Node's own; to be sent 65536 before
   * Node 22, too. A message that waits to be read counts 256 bytes more than it has: that is what
   * keeping it costs.
   */
  highWaterMark?: number | undefined;
  /** Bytes that may wait to be read, instead of `highWaterMark`. */
  readableHighWaterMark?: number | undefined;
  /** Bytes that may wait to be sent, instead of `highWaterMark`. */
  writableHighWaterMark?: number | undefined;
  /**
   * Bytes, 1 to 67108864 (default 16777216). A peer that sends a longer message is aborted: 'error'
   * with ERR_SCTP_MESSAGE_TOO_LARGE.
   */
  maxMessageSize?: number | undefined;
  /**
   * Milliseconds without progress after which an association that is ending is aborted (default
   * 30000): 'error' with ERR_SCTP_CLOSE_TIMEOUT. 0 waits for ever.
   */
  closeTimeout?: number | undefined;
  /**
   * Milliseconds (default 10000) for which the peer acknowledges nothing, though something is
   * unacknowledged, until 'stalled' is emitted. 0: never.
   */
  stallTimeout?: number | undefined;
  /**
   * What follows after `stallTimeout`: 'report' (the default) only emits 'stalled'; 'abort' then
   * also aborts the association, with ERR_SCTP_STALLED.
   */
  stallAction?: 'report' | 'abort' | undefined;
  /**
   * The types that 'notification' reports. Default: all but 'senderDry', which comes after nearly
   * every message of a short exchange; 'all' has that, too.
   */
  notifications?: 'all' | readonly NotificationType[] | undefined;
  /**
   * What `write` does with a chunk longer than the kernel takes as one message: throw
   * ERR_SCTP_MESSAGE_TOO_LARGE ('error', the default), or split it into several messages ('split'),
   * which suits byte streams like HTTP and TLS.
   */
  oversize?: 'error' | 'split' | undefined;
  /**
   * TCP's semantics instead of messages (default false), for HTTP, TLS, files and whatever was written
   * for `net`: what is written is split and merged into messages of up to 64 KiB, and 'data' has no
   * boundaries. `destroy()` ends in order, as it does with `net`.
   */
  byteStream?: boolean | undefined;
  /** Destroys the socket when it is aborted. */
  signal?: AbortSignal | undefined;
  /** Send small messages at once (default true): short for `sctp.noDelay`. */
  noDelay?: boolean | undefined;
  /**
   * The packets' Type of Service or Traffic Class, 0 to 255, as `setTypeOfService`: four times
   * `sctp.dscp`.
   */
  typeOfService?: number | undefined;
  /** Heartbeats (default true), as `setKeepAlive`: short for `sctp.peerAddrParams.hbEnable`. */
  keepAlive?: boolean | undefined;
  /** Milliseconds a path is quiet before a heartbeat is sent, with `keepAlive: true`. */
  keepAliveInitialDelay?: number | undefined;
  /** Received messages go to memory of yours; there is no 'data' then. */
  onread?: OnReadOptions | undefined;
  /** Listeners that return a rejected Promise make 'error' of it. */
  captureRejections?: boolean | undefined;
  /** Outbound streams to ask for, 1 to 65535 (default 64): short for `sctp.initMsg.numOstreams`. */
  OS?: number | undefined;
  /** Inbound streams to allow, 1 to 65535: short for `sctp.initMsg.maxInstreams`. */
  MIS?: number | undefined;
  /**
   * Payload protocol identifier of messages that name none: short for
   * `sctp.defaultSndInfo.ppid`. A number in host order, or a name in `PPID` or `protocol`.
   */
  ppid?: number | string | undefined;
  /** Another name of `ppid`. */
  protocol?: number | string | undefined;
  /** Short for `sctp.delayedSack`. */
  sack?: DelayedSack | undefined;
  /** Socket options, set before connecting. */
  sctp?:
    | (SctpOptions & {
        /** Another name of `delayedSack`. */
        sack?: DelayedSack;
      })
    | undefined;
}

/** What `setKeepAlive` takes as one object, as with `net` since Node 24.19. */
export interface KeepAliveOptions {
  /** Whether to send heartbeats. */
  enable?: boolean | undefined;
  /** Milliseconds a path is quiet before one is sent; 0 keeps the value. */
  initialDelay?: number | undefined;
  /** Milliseconds; counts where there is no `initialDelay`. */
  interval?: number | undefined;
  /** Unanswered ones until a path has failed (`sctp.peerAddrParams.pathMaxRxt`); 0 keeps the value. */
  count?: number | undefined;
}

/** Where received messages go instead of 'data'. */
export interface OnReadOptions {
  /** Gets each message, or as much of it as has room; a function is asked each time. */
  buffer: Uint8Array | (() => Uint8Array);
  /**
   * Gets how many bytes of `buffer` a message has filled.
   * @returns false to stop reading until `resume`
   */
  callback(bytes: number, buffer: Uint8Array): unknown;
}

/** Options of `connect`. */
export interface ConnectOptions extends SocketOptions {
  /** The peer's port, 1 to 65535. */
  port: number;
  /** A name or a numeric address (default 'localhost'). All addresses of a name are used. */
  host?: string | undefined;
  /** The peer's numeric addresses, instead of `host`. The first becomes the primary path. */
  remoteAddresses?: readonly string[] | undefined;
  /** Numeric address to bind; default: all. */
  localAddress?: string | undefined;
  /** Numeric addresses to bind, instead of `localAddress`. */
  localAddresses?: readonly string[] | undefined;
  /**
   * Network interfaces whose addresses to bind, all of them, instead of `localAddresses`: 'eth0'.
   */
  interface?: string | readonly string[] | undefined;
  /** Port to bind, 0 to 65535; 0, the default, lets the kernel choose. */
  localPort?: number | undefined;
  /** Which addresses of a name to use: 4, 6, or 0 for both (the default). */
  family?: 0 | 4 | 6 | 'IPv4' | 'IPv6' | undefined;
  /** Instead of `dns.lookup`. */
  lookup?: LookupFunction | undefined;
  /** For `lookup`. */
  hints?: number | undefined;
  /**
   * Milliseconds (default 30000), name lookup included: 'error' with ERR_SCTP_CONNECT_TIMEOUT. 0
   * leaves it to the kernel, which takes minutes.
   */
  connectTimeout?: number | undefined;
  /** As if `setTimeout(timeout)` was called first. */
  timeout?: number | undefined;
  /** As in `net`: checked and ignored, since an association is set up with all addresses at once. */
  autoSelectFamily?: boolean | undefined;
  /** As in `net`: checked and ignored, as `autoSelectFamily`. */
  autoSelectFamilyAttemptTimeout?: number | undefined;
}

/** The arguments that each event's listeners get. */
export interface SocketEvents extends AssociationEvents {
  /** The association is up. */
  connect: [];
  /** As 'connect'. */
  ready: [];
  /** One whole message; a string after `setEncoding`. */
  data: [message: Message];
  /** The same, always as a Buffer, with all that the kernel reports of it. Starts the flow, as 'data'. */
  message: [message: Message, info: ReceivedInfo];
  /** The peer has shut down, and every message before that is read. */
  end: [];
  /** Everything written was sent, and our side is shut down. */
  finish: [];
  /** After `write` or `send` has returned false: write again. */
  drain: [];
  /** There is something to `read()`, or the end. */
  readable: [];
  /** The association is lost, or could not be set up; 'close' follows. */
  error: [error: Error];
  /** The association is over. */
  close: [hadError: boolean];
  /** See `setTimeout`. */
  timeout: [];
  /** What a name was resolved to; one event for each address. */
  lookup: [
    error: Error | null,
    address: string | undefined,
    family: number | undefined,
    host: string,
  ];
  /** An association is being set up; the address is the first that is tried. */
  connectionAttempt: [address: string, port: number, family: number];
  /** It could not be. Where a name has more addresses, another attempt follows. */
  connectionAttemptFailed: [address: string, port: number, family: number, error: Error];
  /**
   * No answer: another attempt follows, with addresses that cannot be in the same association, as
   * IPv4 behind a NAT beside IPv6.
   */
  connectionAttemptTimeout: [address: string, port: number, family: number];
  /**
   * A message has come on a stream which nobody reads from. Those of this stream come there from
   * now on, this one included.
   */
  stream: [stream: SctpStream, sid: number];
}

/** What 'error' has after the peer's ABORT. */
export interface ConnectionResetError extends Error {
  /** The same for all. */
  code: 'ECONNRESET';
  /** As for `net`. */
  errno: number;
  /** As for `net`. */
  syscall: 'read';
  /** Why, as far as the peer has said it: the first 64 causes at most, or none. */
  causes: ErrorCause[];
}
