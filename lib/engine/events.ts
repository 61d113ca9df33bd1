/** What an association of the engine reports, from the rows in which the addon hands it over. */
import type { NativeErrorCause } from '../../types/native-engine';
import { engineRowColumns as COLUMN, engineRowKinds as KIND } from '../native-rows';

/** How a request to the peer went (RFC 6525). */
export const PERFORMED = 0;
export const DENIED = 1;

/** Features that both ends have: bits of what `onConnected` gets. */
export const RECONFIGURATION = 4;

/** Why an association is over: the engine's numbers. */
export const CLOSED = {
  shutdown: 0,
  aborted: 1,
  peerAborted: 2,
  setupFailed: 3,
  timedOut: 4,
  protocolViolation: 5,
  resources: 6,
} as const;

export interface FailedMessage {
  sid: number;
  ppid: number;
  context: number;
  unordered: boolean;
  /** Whether some of it was sent. */
  sent: boolean;
  /** The data, from an engine that was asked to return it. */
  data: Buffer | undefined;
}

export interface EngineHandler {
  /** To be sent, in this order. */
  onPackets(packets: Buffer[]): void;
  onMessage(sid: number, ppid: number, data: Buffer, unordered: boolean): void;
  onMessageFailed?(failed: FailedMessage): void;
  /** @param features bits: partial reliability, interleaving, reconfiguration, zero checksum */
  onConnected(outbound: number, inbound: number, features: number): void;
  onRestarted(outbound: number, inbound: number, features: number): void;
  /** Everything was acknowledged or given up. */
  onDrained?(): void;
  onBufferedAmountLow?(sid: number): void;
  onIncomingReset(sids: number[]): void;
  onOutgoingReset(sids: number[], result: number): void;
  /** Whether the peer will reset its streams, as it was asked to. */
  onResetAnswered?(sids: number[], result: number): void;
  /** @param byPeer the peer has added them; else it has answered. The counts are the new totals. */
  onStreamsAdded?(outbound: number, inbound: number, result: number, byPeer: boolean): void;
  onPeerShutdown(): void;
  onErrorReceived?(causes: NativeErrorCause[]): void;
  onClosed(reason: number, causes: NativeErrorCause[]): void;
  /** What one poll has brought was handed over. */
  onBatchEnd?(): void;
}

const SENT = 1;
const UNORDERED = 2;

/** Hands one row over; not that the association is over, which is the driver's to say. */
export function deliverRow(
  handler: EngineHandler,
  rows: Uint32Array,
  row: number,
  slab: Buffer,
  extras: readonly unknown[],
): void {
  const column = (name: keyof typeof COLUMN): number => rows[row + COLUMN[name]] as number;
  const extra = (): unknown => extras[column('offset')];
  switch (column('kind')) {
    case KIND.message: {
      const start = column('offset');
      const data = slab.subarray(start, start + column('length'));
      handler.onMessage(column('sid'), column('ppid'), data, column('flag') !== 0);
      break;
    }
    case KIND.largeMessage: {
      const data = Buffer.from(extra() as ArrayBuffer);
      handler.onMessage(column('sid'), column('ppid'), data, column('flag') !== 0);
      break;
    }
    case KIND.messageFailed: {
      const memory = extra();
      handler.onMessageFailed?.({
        sid: column('sid'),
        ppid: column('ppid'),
        context: column('context'),
        unordered: (column('flag') & UNORDERED) !== 0,
        sent: (column('flag') & SENT) !== 0,
        data: memory instanceof ArrayBuffer ? Buffer.from(memory) : undefined,
      });
      break;
    }
    case KIND.connected:
      handler.onConnected(column('sid'), column('ppid'), column('code'));
      break;
    case KIND.restarted:
      handler.onRestarted(column('sid'), column('ppid'), column('code'));
      break;
    case KIND.drained:
      handler.onDrained?.();
      break;
    case KIND.bufferedAmountLow:
      if (column('flag') === 0) handler.onBufferedAmountLow?.(column('sid'));
      break;
    case KIND.incomingStreamsReset:
      handler.onIncomingReset(extra() as number[]);
      break;
    case KIND.outgoingStreamsReset:
      handler.onOutgoingReset(extra() as number[], column('code'));
      break;
    case KIND.resetAnswered:
      handler.onResetAnswered?.(extra() as number[], column('code'));
      break;
    case KIND.streamsAdded:
      handler.onStreamsAdded?.(column('sid'), column('ppid'), column('code'), column('flag') !== 0);
      break;
    case KIND.peerShutdown:
      handler.onPeerShutdown();
      break;
    case KIND.errorReceived:
      handler.onErrorReceived?.(extra() as NativeErrorCause[]);
      break;
  }
}
