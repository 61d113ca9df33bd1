/** What `defaults()` takes and returns. */

/** The values by the names of sysctl net.sctp, in its units; each is short for an option. */
export interface Defaults {
  /** Milliseconds: `rtoInfo.initial`. */
  rto_initial?: number;
  /** Milliseconds: `rtoInfo.min`. */
  rto_min?: number;
  /** Milliseconds: `rtoInfo.max`. */
  rto_max?: number;
  /** Milliseconds: `assocInfo.cookieLife`. */
  valid_cookie_life?: number;
  /** Retransmissions: `assocInfo.asocMaxRxt`. */
  association_max_retrans?: number;
  /** Retransmissions: `peerAddrParams.pathMaxRxt`. */
  path_max_retrans?: number;
  /** Attempts: `initMsg.maxAttempts`. */
  max_init_retransmits?: number;
  /** Milliseconds: `peerAddrParams.hbInterval`. */
  hb_interval?: number;
  /** Packets: `maxBurst`. */
  max_burst?: number;
  /** Milliseconds: `delayedSack.delay`. */
  sack_timeout?: number;
  /** Packets per acknowledgement: `delayedSack.freq`; the kernel has no sysctl for it. */
  sack_freq?: number;
  /** Bytes of the receive buffer: `rcvBuf`; the kernel has no sysctl for it. */
  RWND?: number;
  /**
   * Bytes of the largest packet, which are then no longer discovered: `peerAddrParams.pathMtu`; the
   * kernel has no sysctl for it.
   */
  PMTU?: number;
}
