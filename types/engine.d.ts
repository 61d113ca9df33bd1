/** Which implementation of SCTP a socket runs on. */

/** The kernel's own, or this package's in user space, over UDP (RFC 6951). */
export type EngineName = 'kernel' | 'user';

/** Options of `connect`, `createServer` and `new Socket`. */
export interface EngineOptions {
  /**
   * Which SCTP to run on: the kernel's, or the engine in user space, which carries SCTP in UDP and
   * needs nothing of the kernel. Default: what the environment variable KERNEL_SCTP_ENGINE says,
   * else 'kernel'.
   */
  engine?: EngineName | undefined;
  /**
   * With `engine: 'user'`: our UDP port. Default: 9899 to listen on, and any to connect from; the
   * peer's is `sctp.remoteUdpEncapsPort`. Servers of one process may share one.
   */
  udpPort?: number | undefined;
}
