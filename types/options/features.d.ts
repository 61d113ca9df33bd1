/** Extensions of SCTP. */

export interface FeatureOptions {
  /**
   * Whether pieces of messages from different associations may alternate (RFC 6458 §8.1.20). If
   * not, one peer that does not finish a long message silences all others.
   */
  fragmentInterleave: boolean;
}
