/** Options that any socket has. */

export interface GenericOptions {
  /** SO_REUSEADDR: bind although earlier associations on the port are still ending. */
  reuseAddr: boolean;
  /** IPV6_V6ONLY: an IPv6 socket leaves IPv4 alone. */
  v6Only: boolean;
  /**
   * Send buffer, in bytes (SO_SNDBUF). The kernel doubles what is set and reads back the double,
   * which is also the longest message it accepts. Beyond net.core.wmem_max only with
   * CAP_NET_ADMIN; without it the kernel uses the limit.
   */
  sndBuf: number;
  /** Receive buffer, in bytes (SO_RCVBUF, net.core.rmem_max), doubled like `sndBuf`. */
  rcvBuf: number;
}
