/** Options of `createServer` and `listen`, and the events of servers. */
import type { BlockList } from 'node:net';

import type { SocketOptions } from './socket';

/** Options of `createServer`. Those of sockets are for the sockets that the server accepts. */
export interface ServerOptions extends Omit<SocketOptions, 'signal' | 'onread'> {
  /**
   * Peers that are aborted before anything of theirs is read, with 'drop': those of which any
   * address is blocked, and, later, those that add one. One whose addresses can no longer be known,
   * since its association is over before it is accepted, is dropped too.
   */
  blockList?: BlockList | undefined;
  /** Accepted sockets begin paused (default false). */
  pauseOnConnect?: boolean | undefined;
  /**
   * Bytes of received messages that may wait to be read, over all sockets of the server; each counts
   * 256 bytes more than it has. Beyond that each socket keeps one message at a time, whatever its
   * `highWaterMark`. Default: no limit but those of the sockets.
   */
  totalHighWaterMark?: number | undefined;
  /** Closes the server when it is aborted, as the option of `listen` does, for every `listen`. */
  signal?: AbortSignal | undefined;
  /**
   * Whether a listener's rejected Promise is an 'error'; of 'connection' listeners it is that of
   * the socket, which is destroyed (default: `events.captureRejections`).
   */
  captureRejections?: boolean | undefined;
}

/** Options of `listen`. */
export interface ListenOptions {
  /** 0, the default where there are addresses, lets the kernel choose. Digits may be a string. */
  port?: number | string | null | undefined;
  /** A name or a numeric address (default: every address, IPv6 and IPv4). */
  host?: string | undefined;
  /** Numeric addresses to bind, instead of `host`, all of one port. */
  localAddresses?: readonly string[] | undefined;
  /** Network interfaces whose addresses to bind, all of them, instead of `host`: 'eth0'. */
  interface?: string | readonly string[] | undefined;
  /** How many associations may wait to be accepted, beyond one (default 511). */
  backlog?: number | undefined;
  /** Leave IPv4 alone on an IPv6 address (default false). */
  ipv6Only?: boolean | undefined;
  /**
   * Share the port with other sockets of this user that ask for the same addresses with
   * `reusePort`, also in other processes (default false). The kernel gives each association to one
   * of them.
   */
  reusePort?: boolean | undefined;
  /**
   * In a cluster worker, to be given unless `reusePort` is: the port is this worker's alone. It has
   * no effect anywhere else.
   */
  exclusive?: boolean | undefined;
  /** Closes the server when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** Where the two ends of a dropped association were. */
export interface DropInfo {
  /** Our address. */
  localAddress: string | undefined;
  /** Our port. */
  localPort: number | undefined;
  /** 'IPv4' or 'IPv6'. */
  localFamily: string | undefined;
  /** The peer's primary address. */
  remoteAddress: string | undefined;
  /** The peer's port. */
  remotePort: number | undefined;
  /** 'IPv4' or 'IPv6'. */
  remoteFamily: string | undefined;
}

/** The arguments that each event's listeners get. @typeParam Connection `Socket` */
export interface ServerEventMap<Connection> {
  /** The server listens: `address()` says where. */
  listening: [];
  /** An association is accepted. */
  connection: [socket: Connection];
  /** No more associations are accepted, and those of all its sockets are over. */
  close: [];
  /** It cannot listen, or no longer accept. */
  error: [error: Error];
  /** `maxConnections` was reached: the association was aborted. */
  drop: [info: DropInfo];
}
