/** What carries data channels: an association of the engine, or a Socket. */

/** What an association can do once it is up. */
export interface Capacity {
  /** Streams that exist both ways. */
  streams: number;
  /** Whether streams can be reset, which is what closes a channel at the peer. */
  canReset: boolean;
}

/** Partial reliability of a message: none, a lifetime in milliseconds, or retransmissions. */
export const RELIABLE = 0;
export const LIFETIME = 1;
export const RETRANSMITS = 2;
export type Policy = typeof RELIABLE | typeof LIFETIME | typeof RETRANSMITS;

export type SendOutcome = 'queued' | 'full' | 'impossible';

export interface ChannelTransport {
  /** Takes a copy of the data. */
  send(
    data: string | ArrayBufferView,
    sid: number,
    ppid: number,
    unordered: boolean,
    policy: Policy,
    value: number,
  ): SendOutcome;
  /** Bytes of a stream's messages that have not been sent yet. */
  bufferedAmount(sid: number): number;
  /** From now on the listener is called when the amount falls to `bytes`. */
  setLowThreshold(sid: number, bytes: number): void;
  setPriority(sid: number, priority: number): void;
  /**
   * Resets outgoing streams once what was sent on them has left. The listener learns what became
   * of those that were `'started'`; `'busy'` ones can be asked for again after the next answer.
   */
  resetStreams(sids: readonly number[]): 'started' | 'busy' | 'impossible';
}

export interface ChannelTransportListener {
  onUp(capacity: Capacity): void;
  onMessage(sid: number, ppid: number, data: Buffer): void;
  /** No streams: all. */
  onIncomingReset(sids: readonly number[]): void;
  onOutgoingReset(sids: readonly number[], performed: boolean): void;
  onBufferedAmountLow(sid: number): void;
  /** The peer has lost its state, and the channels with it. */
  onRestart(): void;
}
