/** Extensions of SCTP, most of which the peer must support too. */

/** Value of `enableStreamReset`. A switch that is left out keeps its value. */
export interface EnableStreamReset {
  /** Streams may be reset. */
  resetStreams: boolean;
  /** The association may be reset: all streams, and the numbers of data chunks. */
  resetAssoc: boolean;
  /** Streams may be added. */
  changeAssoc: boolean;
}

/**
 * Value of `exposePfState`: `'enable'` notifies of potentially failed paths, `'disable'` hides them
 * (`peerAddrInfo` of one is refused with EACCES), `'unset'` shows them to `peerAddrInfo` only.
 */
export type ExposePfState = 'unset' | 'disable' | 'enable';

/**
 * Options of extensions, with the values `getOption` returns. Read from an association,
 * `authSupported` and the like are what both sides agreed on. They are negotiated when it is set
 * up: a one-to-one socket refuses them once it is connected.
 */
export interface FeatureOptions {
  /** Authenticated chunks (RFC 4895; Linux, SCTP_AUTH_SUPPORTED; net.sctp.auth_enable). */
  authSupported: boolean;
  /**
   * Addresses can be added and removed while an association lasts (RFC 5061; Linux,
   * SCTP_ASCONF_SUPPORTED; net.sctp.addip_enable).
   */
  asconfSupported: boolean;
  /**
   * Associations follow the addresses of this machine as they come and go (RFC 6458 §8.1.23,
   * SCTP_AUTO_ASCONF). For sockets that are bound to every address.
   */
  autoAsconf: boolean;
  /** Streams can be reset and added (RFC 6525; SCTP_RECONFIG_SUPPORTED; net.sctp.reconf_enable). */
  reconfigSupported: boolean;
  /** What the peer may ask of our streams (RFC 6525 §6.3.1, SCTP_ENABLE_STREAM_RESET). */
  enableStreamReset: EnableStreamReset;
  /**
   * Whether fragments of messages from different associations may alternate (RFC 6458 §8.1.20,
   * SCTP_FRAGMENT_INTERLEAVE). If not, one peer that does not finish a long message silences all
   * others.
   */
  fragmentInterleave: boolean;
  /**
   * Fragments of messages on different streams may alternate: I-DATA (RFC 8260 §4.3.1,
   * SCTP_INTERLEAVING_SUPPORTED). Only where net.sctp.intl_enable is 1.
   */
  interleavingSupported: boolean;
  /** Messages can be given up (RFC 7496 §4.5, SCTP_PR_SUPPORTED; net.sctp.prsctp_enable). */
  prSupported: boolean;
  /** Routers may mark packets instead of dropping them (SCTP_ECN_SUPPORTED; net.sctp.ecn_enable). */
  ecnSupported: boolean;
  /**
   * Whether potentially failed paths are reported (RFC 7829 §7.3,
   * SCTP_EXPOSE_POTENTIALLY_FAILED_STATE; net.sctp.pf_expose).
   */
  exposePfState: ExposePfState;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface FeatureInputs {
  /** One of the words. */
  exposePfState: ExposePfState;
}
