/** What `metrics()` returns: plain data. */

/** What has become of associations, of sockets, endpoints and handles. */
export interface AssociationTotals {
  /** Were established. */
  readonly up: number;
  /** Have ended by an ABORT of either side, or as the peer no longer answered. */
  readonly lost: number;
  /** Have ended in order. */
  readonly shutdown: number;
  /** Were restarted by the peer. */
  readonly restarts: number;
  /** Messages that were accepted and not delivered. */
  readonly failedMessages: number;
}

/** One path of an association. */
export interface PathMetrics {
  /** The peer's end of it. */
  readonly address: string;
  /** The kernel's number of the association. */
  readonly assocId: number;
  /** Whether it can be used. */
  readonly state: 'inactive' | 'potentially-failed' | 'active' | 'unconfirmed' | 'unknown';
  /** Whether heartbeats are sent. */
  readonly heartbeats: boolean;
  /** Time-outs in a row after which it counts as inactive. */
  readonly pathMaxRxt: number;
}

/** One association, as the kernel has it. */
export interface AssociationMetrics {
  /** The kernel's number of it. */
  readonly assocId: number;
  /** How far it has come (RFC 9260 §4). */
  readonly state:
    | 'closed'
    | 'cookie-wait'
    | 'cookie-echoed'
    | 'established'
    | 'shutdown-pending'
    | 'shutdown-sent'
    | 'shutdown-received'
    | 'shutdown-ack-sent'
    | 'unknown';
  /** Of a Socket, of an Endpoint or of `open`, or peeled off. */
  readonly style: 'one-to-many' | 'peeled-off' | 'one-to-one' | 'unknown';
  /** This side's port. */
  readonly localPort: number;
  /** The peer's port. */
  readonly remotePort: number;
  /** This side's addresses. */
  readonly localAddresses: readonly string[];
  /** The peer's addresses. */
  readonly remoteAddresses: readonly string[];
  /** The one of those that is used as long as it works. */
  readonly primary: string | undefined;
  /** Bytes handed to the kernel and not acknowledged. */
  readonly sendQueue: number;
  /** Bytes received and not read. */
  readonly receiveQueue: number;
  /** Streams from the peer. */
  readonly inStreams: number;
  /** Streams to the peer. */
  readonly outStreams: number;
  /** DATA chunks sent again. */
  readonly retransmissions: number;
  /** Bytes of the socket's send buffer. */
  readonly sndBuf: number;
  /** Bytes of the socket's receive buffer. */
  readonly rcvBuf: number;
  /** The user who has opened the socket. */
  readonly uid: number;
  /** The socket's inode, which is in /proc/PID/fd. */
  readonly inode: number;
}

/** A socket that takes associations. */
export interface ListenerMetrics {
  /** Where it listens. */
  readonly port: number;
  /** On which addresses. */
  readonly addresses: readonly string[];
  /** Of a Server, or of an Endpoint or of `open`. */
  readonly style: 'one-to-many' | 'one-to-one';
  /** The user who has opened the socket. */
  readonly uid: number;
  /** The socket's inode, which is in /proc/PID/fd. */
  readonly inode: number;
}

/** What `metrics()` returns. */
export interface Metrics {
  /** Since this thread began, on either engine. */
  readonly totals: AssociationTotals;
  /** Those of this process that the kernel has now, whichever thread they belong to. */
  readonly associations: readonly (AssociationMetrics & {
    readonly paths: readonly PathMetrics[];
  })[];
  /** Sockets of this process that listen. */
  readonly listeners: readonly ListenerMetrics[];
  /**
   * The kernel's counters for this network namespace, every process included, by its names without
   * 'Sctp': `CurrEstab`, `T3RtxExpireds`. Empty where SCTP is not loaded.
   */
  readonly counters: Readonly<Record<string, number>>;
}
