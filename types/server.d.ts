/** Options of `createServer` and `listen`, and what servers tell. */
import type { SocketOptions } from './socket';

/** Those of sockets are for the sockets that the server accepts. */
export interface ServerOptions extends Omit<SocketOptions, 'signal' | 'onread'> {
  /** Accepted sockets begin paused (default false). */
  pauseOnConnect?: boolean;
  /** Closes the server when it is aborted, as the option of `listen` does, for every `listen`. */
  signal?: AbortSignal;
  /**
   * Whether a listener's rejected Promise is an 'error'; of 'connection' listeners it is that of
   * the socket, which is destroyed (default: `events.captureRejections`).
   */
  captureRejections?: boolean;
}

export interface ListenOptions {
  /** 0, the default where there are addresses, lets the kernel choose. Digits may be a string. */
  port?: number | string | null;
  /** A name or a numeric address (default: every address, IPv6 and IPv4). */
  host?: string;
  /** Numeric addresses to bind, instead of `host`, all of one port. */
  localAddresses?: readonly string[];
  /** How many associations may wait to be accepted, beyond one (default 511). */
  backlog?: number;
  /** Leave IPv4 alone on an IPv6 address (default false). */
  ipv6Only?: boolean;
  /**
   * Share the port with other sockets of this user that ask for the same addresses with
   * `reusePort`, also in other processes (default false). The kernel gives each association to one
   * of them.
   */
  reusePort?: boolean;
  /**
   * In a cluster worker, to be given unless `reusePort` is: the port is this worker's alone. It has
   * no effect anywhere else.
   */
  exclusive?: boolean;
  /** Closes the server when it is aborted. */
  signal?: AbortSignal;
}

/** Where the two ends of a dropped association were. */
export interface DropInfo {
  localAddress: string | undefined;
  localPort: number | undefined;
  localFamily: string | undefined;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  remoteFamily: string | undefined;
}

/** The arguments that each event's listeners get. @typeParam Connection `Socket` */
export interface ServerEventMap<Connection> {
  listening: [];
  connection: [socket: Connection];
  /** Nobody is accepted any more, and the associations of all its sockets are over. */
  close: [];
  error: [error: Error];
  /** `maxConnections` was reached: the association was aborted. */
  drop: [info: DropInfo];
}
