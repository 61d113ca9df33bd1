/** SCTP-AUTH (RFC 4895): chunks that are signed with shared keys. */

export type HmacIdent = 'sha1' | 'sha256' | number;
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
export type ChunkTypes = ChunkType[];

/** A shared key (RFC 6458 §8.3.3, SCTP_AUTH_KEY). */
export interface AuthKey {
  /** 0 to 65535. Both sides must know the same key by the same number. */
  keyNumber: number;
  /**
   * 1 to 65535 bytes. Our copy is wiped once the kernel has it, or is not to have it any more; your
   * own is yours to wipe, as soon as the call returns.
   */
  key: ArrayBufferView;
}

export interface AuthOptions {
  /**
   * Hash functions that we offer, the preferred one first; 'sha1' must be among them (RFC 6458
   * §8.1.17). Set before the association, and read before it is accepted.
   */
  hmacIdent: HmacIdents;
  /**
   * Chunks that the peer must sign for us to accept them, beside those of the options
   * asconfSupported and net.sctp.auth_enable (RFC 6458 §8.3.2). Set before the association; each
   * setting adds to those before. It can be read as `localAuthChunks`.
   */
  authChunks: ChunkTypes;
  /** Adds a key, or replaces it. */
  authKey: AuthKey;
  /** The number of the key that we sign with; 0, at first, is an empty key (RFC 6458 §8.1.18). */
  authActiveKey: number;
  /**
   * Signs nothing with this key any more; the notification 'authentication' with the indication
   * 'freeKey' tells once no packet that waits for an acknowledgement needs it (RFC 6458
   * §8.3.4).
   */
  authDeactivateKey: number;
  /** Forgets a key, which must not be the active one (RFC 6458 §8.3.5). */
  authDeleteKey: number;
  /** What the peer must sign (RFC 6458 §8.2.4). */
  localAuthChunks: ChunkTypes;
  /** What we sign because the peer wants it (RFC 6458 §8.2.3). */
  peerAuthChunks: ChunkTypes;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface AuthInputs {
  hmacIdent: readonly HmacIdent[];
  authChunks: readonly ChunkType[];
  authKey: AuthKey;
}
