/** SCTP-AUTH (RFC 4895): chunks that are authenticated with shared keys. */

/** A hash function of SCTP-AUTH (RFC 4895 §6.1), by name or number. */
export type HmacIdent = 'sha1' | 'sha256' | number;
/** Value of `hmacIdent`. */
export type HmacIdents = HmacIdent[];

/** A type of chunk (RFC 9260 §3.2), by name or number. */
export type ChunkType =
  | 'data'
  | 'init'
  | 'initAck'
  | 'sack'
  | 'heartbeat'
  | 'heartbeatAck'
  | 'abort'
  | 'shutdown'
  | 'shutdownAck'
  | 'error'
  | 'cookieEcho'
  | 'cookieAck'
  | 'ecne'
  | 'cwr'
  | 'shutdownComplete'
  | 'auth'
  | 'iData'
  | 'asconfAck'
  | 'reConfig'
  | 'forwardTsn'
  | 'asconf'
  | 'iForwardTsn'
  | number;
/** Value of `authChunks`, `localAuthChunks` and `peerAuthChunks`. */
export type ChunkTypes = ChunkType[];

/** Value of `authKey`: a shared key. */
export interface AuthKey {
  /** 0 to 65535. Both sides must know the same key by the same number. */
  keyNumber: number;
  /**
   * 1 to 65535 bytes. Our copy is wiped once the kernel has it, or no longer is to have it; your own
   * is yours to wipe, as soon as the call returns.
   */
  key: ArrayBufferView;
}

/** Options of SCTP-AUTH, with the values `getOption` returns. */
export interface AuthOptions {
  /**
   * Hash functions that we offer, the preferred one first; 'sha1' must be among them (RFC 6458
   * §8.1.17, SCTP_HMAC_IDENT). Set before the association, and read before it is accepted.
   */
  hmacIdent: HmacIdents;
  /**
   * Chunks that the peer must authenticate for us to accept them, beside those of the options
   * asconfSupported and net.sctp.auth_enable (RFC 6458 §8.3.2, SCTP_AUTH_CHUNK). Set before the association; each
   * setting adds to those before. It can be read as `localAuthChunks`.
   */
  authChunks: ChunkTypes;
  /** Adds a key, or replaces it (RFC 6458 §8.3.3, SCTP_AUTH_KEY). */
  authKey: AuthKey;
  /**
   * The number of the key that we authenticate with; 0, at first, is an empty key (RFC 6458 §8.1.18,
   * SCTP_AUTH_ACTIVE_KEY).
   */
  authActiveKey: number;
  /**
   * No longer authenticates with this key; the notification 'authentication' with the indication
   * 'freeKey' comes once no packet that waits for an acknowledgement needs it (RFC 6458 §8.3.4,
   * SCTP_AUTH_DEACTIVATE_KEY).
   */
  authDeactivateKey: number;
  /** Forgets a key, which must not be the active one (RFC 6458 §8.3.5, SCTP_AUTH_DELETE_KEY). */
  authDeleteKey: number;
  /** What the peer must authenticate (RFC 6458 §8.2.4, SCTP_LOCAL_AUTH_CHUNKS). */
  localAuthChunks: ChunkTypes;
  /** What we authenticate because the peer wants it (RFC 6458 §8.2.3, SCTP_PEER_AUTH_CHUNKS). */
  peerAuthChunks: ChunkTypes;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface AuthInputs {
  /** In an array that need not be writable. */
  hmacIdent: readonly HmacIdent[];
  /** In an array that need not be writable. */
  authChunks: readonly ChunkType[];
  /** Number and key, both needed. */
  authKey: AuthKey;
}
