/** How messages are sent, and when they are given up. */

/** Value of `defaultSndInfo`. A field that is left out keeps its value. */
export interface DefaultSndInfo {
  /** Stream, 0 to 65535. */
  sid?: number;
  /**
   * Payload protocol identifier: a number in host order, as it is returned; or a name in `PPID` or
   * `protocol`.
   */
  ppid?: number | string;
  /** A number that comes back with the message if it cannot be delivered. */
  context?: number;
  /** Deliver as soon as it arrives, whatever else is missing. */
  unordered?: boolean;
}

/** When a message is given up: see `PrInfo`. */
export type PrPolicy = 'none' | 'ttl' | 'rtx' | 'prio';

/** When to give a message up (RFC 3758, RFC 7496): `pr` of a message, and `defaultPrInfo`. */
export interface PrInfo {
  /**
   * - `none`: never, the message is reliable
   * - `ttl`: `value` milliseconds, at least 1, after the kernel took it; never, if it was taken
   *   before its association was up
   * - `rtx`: after `value` retransmissions
   * - `prio`: when the send buffer is full and a message of higher priority (a lower value) waits
   */
  policy: PrPolicy;
  /** Milliseconds, retransmissions or priority, 0 to 4294967295; none for `none`. */
  value?: number;
}

/** Value of `streamScheduler`. */
export type StreamScheduler = 'fcfs' | 'prio' | 'rr' | 'fc' | 'wfq';

/** Value of `streamSchedulerValue`. */
export interface StreamSchedulerValue {
  /** Stream, 0 to 65535. */
  sid: number;
  /** For `prio` the priority, of which the lowest goes first; for `wfq` the weight, at least 1. */
  value: number;
}

/** Options of messages, with the values `getOption` returns. */
export interface MessageOptions {
  /**
   * Refuse messages that do not fit into one packet, instead of fragmenting them (RFC 6458 §8.1.11,
   * SCTP_DISABLE_FRAGMENTS): `send` fails with ERR_SCTP_MESSAGE_TOO_LARGE, a Socket's by its
   * callback.
   */
  disableFragments: boolean;
  /**
   * Bytes of a message that go into one packet at most, 444 to 65516 (on IPv4 sockets from 464);
   * 0 for what the path takes (RFC 6458 §8.1.16, SCTP_MAXSEG). Read from an association, it is
   * what is in force.
   */
  maxSeg: number;
  /**
   * Bytes of an unfinished message after which the kernel begins to deliver it, 0 for never (RFC
   * 6458 §8.1.21, SCTP_PARTIAL_DELIVERY_POINT); at most half of `rcvBuf` as it is read. This
   * package puts the fragments together again: this bounds what waits in the kernel. Where packets
   * are lost, Linux (6.1) then mixes up the order of messages, or never delivers them: see
   * docs/tuning.md.
   */
  partialDeliveryPoint: number;
  /** What received messages carry as `context` (RFC 6458 §8.1.25, SCTP_CONTEXT). */
  context: number;
  /**
   * Which stream is served next, when several have messages waiting (RFC 8260 §4.3.2,
   * SCTP_STREAM_SCHEDULER): the one whose message came first (`fcfs`), the most important (`prio`),
   * one after another (`rr`), the one that has sent least (`fc`), or by weight (`wfq`). The last
   * two need Linux 6.4.
   */
  streamScheduler: StreamScheduler;
  /** A stream's place among others (RFC 8260 §4.3.3, SCTP_STREAM_SCHEDULER_VALUE). */
  streamSchedulerValue: StreamSchedulerValue;
  /**
   * How messages are sent unless they say otherwise (RFC 6458 §8.1.31, SCTP_DEFAULT_SNDINFO).
   */
  defaultSndInfo: Required<DefaultSndInfo> & { ppid: number };
  /**
   * When messages are given up unless they say otherwise (RFC 7496 §4.2, SCTP_DEFAULT_PRINFO).
   */
  defaultPrInfo: Required<PrInfo>;
}

/** What `setOption` takes where that is not what `getOption` returns. */
export interface MessageInputs {
  /** A field that is left out keeps its value. */
  defaultSndInfo: DefaultSndInfo;
  /** One of the words. */
  streamScheduler: StreamScheduler;
  /** Both fields are needed. */
  streamSchedulerValue: StreamSchedulerValue;
}

/** What `getOption` takes after the name. */
export interface MessageArguments {
  /** The stream that is meant. */
  streamSchedulerValue: [args: { sid: number }];
}
