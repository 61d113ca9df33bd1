/** How associations start, and when they are given up. */

/** Value of `rtoInfo`. A field that is 0 or absent keeps what it was. */
export interface RtoInfo {
  /** Milliseconds before the first measurement. */
  initial?: number;
  /** Milliseconds, upper bound. */
  max?: number;
  /** Milliseconds, lower bound; not above `max`. */
  min?: number;
}

/** Value of `assocInfo`. A field that is set to 0 keeps what it was. */
export interface AssocInfo {
  /**
   * Retransmissions in a row, on any path, after which the association is lost. For a live one with
   * several paths it must not exceed the sum of their `pathMaxRxt`.
   */
  asocMaxRxt: number;
  /** Addresses of the peer; 0 where no association is meant. Read only, as the next two. */
  numberPeerDestinations: number;
  /** Bytes that the peer has room for. */
  peerRwnd: number;
  /** Bytes of room that we have advertised to the peer. */
  localRwnd: number;
  /** Milliseconds for which a cookie of ours is valid, while an association is set up. */
  cookieLife: number;
}

/** Value of `initMsg`. A field that is 0 or absent keeps what it was. */
export interface InitMsg {
  /** Outbound streams to ask for, 1 to 65535. */
  numOstreams?: number;
  /** Inbound streams to allow, 1 to 65535. */
  maxInstreams?: number;
  /** How often an unanswered INIT is sent. */
  maxAttempts?: number;
  /** Milliseconds, upper bound of the time-out between INITs, up to 65535. */
  maxInitTimeo?: number;
}

/** Options of how associations start and end, with the values `getOption` returns. */
export interface AssociationOptions {
  /** How associations start (RFC 6458 §8.1.3, SCTP_INITMSG). */
  initMsg: Required<InitMsg>;
  /** Retransmission time-outs (RFC 6458 §8.1.1, SCTP_RTOINFO). */
  rtoInfo: Required<RtoInfo>;
  /** An association's limits (RFC 6458 §8.1.2, SCTP_ASSOCINFO). */
  assocInfo: AssocInfo;
  /** Send small messages at once, without waiting to bundle them (RFC 6458 §8.1.5). */
  noDelay: boolean;
  /**
   * A number for the peer, which is notified of it when the association begins (RFC 6458 §8.1.10,
   * SCTP_ADAPTATION_LAYER). 0 sends none.
   */
  adaptationLayer: number;
  /**
   * Seconds after which an association without traffic is ended, 0 for never (RFC 6458 §8.1.8,
   * SCTP_AUTOCLOSE). One-to-many sockets only, for associations to come. No more than
   * net.sctp.max_autoclose: read it back.
   */
  autoClose: number;
  /** Packets that may be sent at once, 0 for no limit (RFC 6458 §8.1.24, SCTP_MAX_BURST). */
  maxBurst: number;
  /**
   * Whether the kernel shows an IPv6 socket's IPv4 peers as mapped IPv6 addresses (RFC 6458
   * §8.1.15, SCTP_I_WANT_MAPPED_V4_ADDR). This package shows them as IPv4 either way.
   */
  mappedV4Addr: boolean;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface AssociationInputs {
  /** Without the fields that can only be read. */
  assocInfo: Partial<Pick<AssocInfo, 'asocMaxRxt' | 'cookieLife'>>;
}
