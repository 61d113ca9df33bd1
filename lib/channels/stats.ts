/** `stats()`: what an association knows about itself. */
import type { AssociationState, AssociationStats } from '../../types/data-channels';
import type { NativeEngineStats } from '../../types/native-engine';

export function toStats(
  state: AssociationState,
  stats: NativeEngineStats | undefined,
): AssociationStats {
  const { srtt = null, ...others } = stats ?? nothing();
  return { state, srtt, ...others };
}

/** The figures of an association that has ended before anybody asked. */
function nothing(): NativeEngineStats {
  return {
    mtu: 0,
    cwnd: 0,
    ssthresh: 0,
    flightSize: 0,
    peerRwnd: 0,
    unsentBytes: 0,
    unsentMessages: 0,
    unacknowledgedBytes: 0,
    receiveWindow: 0,
    reassemblyBytes: 0,
    rto: 0,
    errorCount: 0,
    outboundStreams: 0,
    inboundStreams: 0,
    counters: {
      packetsSent: 0,
      packetsReceived: 0,
      packetsDiscarded: 0,
      bytesSent: 0,
      bytesReceived: 0,
      messagesSent: 0,
      messagesReceived: 0,
      messagesAbandoned: 0,
      chunksSent: 0,
      chunksReceived: 0,
      chunksRetransmitted: 0,
      chunksDuplicate: 0,
      chunksDropped: 0,
      sacksSent: 0,
      sacksReceived: 0,
      fastRecoveries: 0,
      t3Timeouts: 0,
      heartbeatsSent: 0,
      forwardTsnsSent: 0,
    },
  };
}
