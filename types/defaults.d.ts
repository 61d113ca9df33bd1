/** What `defaults()` takes and returns. */

/** Milliseconds, bytes and counts, as in sysctl net.sctp. */
export interface Defaults {
  rto_initial?: number;
  rto_min?: number;
  rto_max?: number;
  valid_cookie_life?: number;
  association_max_retrans?: number;
  path_max_retrans?: number;
  max_init_retransmits?: number;
  hb_interval?: number;
  max_burst?: number;
  sack_timeout?: number;
  /** Packets per acknowledgement; the kernel has no sysctl for it. */
  sack_freq?: number;
  /** Bytes of the receive window; the kernel has no sysctl for it. */
  RWND?: number;
  /** Bytes of the largest packet, which are then no longer discovered; nor for this. */
  PMTU?: number;
}
