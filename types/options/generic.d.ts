/** Options that any socket has. */

/** Options of any socket, with the values `getOption` returns. */
export interface GenericOptions {
  /** SO_REUSEADDR: bind although earlier associations on the port are still ending. */
  reuseAddr: boolean;
  /**
   * SO_REUSEPORT: several sockets of one user, in one process or several, listen at the same
   * addresses and port, and the kernel spreads associations among them. All must set it, before
   * they are bound. RFC 6458's SCTP_REUSE_PORT (§8.1.27) does on Linux what `reuseAddr` does.
   */
  reusePort: boolean;
  /** IPV6_V6ONLY: an IPv6 socket leaves IPv4 alone. To be set before binding. */
  v6Only: boolean;
  /**
   * Send buffer, in bytes (SO_SNDBUF). The kernel doubles what is set and reads back the double,
   * which is also the longest message it accepts. Beyond net.core.wmem_max only with
   * CAP_NET_ADMIN; without it the kernel uses the limit.
   */
  sndBuf: number;
  /**
   * Receive buffer, in bytes (SO_RCVBUF, net.core.rmem_max), doubled like `sndBuf`. The window
   * that a Socket announces is half of what is set here, a quarter of what is read back: the rest
   * is the kernel's own need for memory. It is what it is as the association begins.
   */
  rcvBuf: number;
  /** SO_MARK: marks packets for filters and traffic control of this machine. 0 for none. */
  mark: number;
  /**
   * SO_BINDTODEVICE: use this network device alone, `'eth0'`; `''` for any. A socket that has one
   * can change it only with CAP_NET_RAW.
   */
  bindToDevice: string;
}
