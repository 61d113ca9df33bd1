/** Carries data channels over a Socket, by its public methods and events alone. */
import type { ReceivedInfo, SocketSendInfo } from '../../types/messages';
import {
  type ChannelTransport,
  type ChannelTransportListener,
  LIFETIME,
  type Policy,
  RELIABLE,
  type SendOutcome,
} from './channel-transport';

/** What is used of a Socket. */
export interface ChannelSocket {
  /** Outbound and inbound streams, once it is connected. */
  readonly OS?: number | undefined;
  readonly MIS?: number | undefined;
  readonly connecting: boolean;
  readonly destroyed: boolean;
  send(
    data: ArrayBufferView,
    info: SocketSendInfo,
    callback: (error?: Error | null) => void,
  ): boolean;
  resetStreams(streams: { outgoing?: number[] }): Promise<void>;
  on(event: 'message', listener: (data: Buffer, info: ReceivedInfo) => void): unknown;
  on(event: 'streams-reset', listener: (streams: { incoming?: number[] }) => void): unknown;
  on(event: 'connect' | 'restart' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What a socket asks for when nothing else is said; its true number is known once it is up. */
const STREAMS = 65535;

export class SocketTransport implements ChannelTransport {
  readonly #socket: ChannelSocket;
  readonly #buffered = new Map<number, number>();
  readonly #thresholds = new Map<number, number>();
  #listener: ChannelTransportListener | undefined;

  constructor(socket: ChannelSocket) {
    this.#socket = socket;
  }

  get streams(): number {
    const { OS = STREAMS, MIS = STREAMS } = this.#socket;
    return Math.min(OS, MIS);
  }

  listen(listener: ChannelTransportListener, onOver: (error: Error | undefined) => void): void {
    this.#listener = listener;
    const socket = this.#socket;
    let failure: Error | undefined;
    const up = (): void => {
      listener.onUp({ streams: this.streams, canReset: true });
    };
    socket.on('message', (data, { sid, ppid }) => {
      listener.onMessage(sid, ppid, data);
    });
    socket.on('streams-reset', ({ incoming }) => {
      if (incoming) listener.onIncomingReset(incoming);
    });
    socket.on('restart', () => {
      listener.onRestart();
      up();
    });
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      onOver(failure);
    });
    if (socket.connecting) socket.on('connect', up);
    else up();
  }

  send(
    data: string | ArrayBufferView,
    sid: number,
    ppid: number,
    unordered: boolean,
    policy: Policy,
    value: number,
  ): SendOutcome {
    if (this.#socket.destroyed) return 'impossible';
    const bytes = typeof data === 'string' ? Buffer.from(data) : copyOf(data);
    const size = bytes.byteLength;
    const info: SocketSendInfo = {
      sid,
      ppid,
      unordered,
      ...(policy !== RELIABLE && { pr: { policy: policy === LIFETIME ? 'ttl' : 'rtx', value } }),
    };
    this.#add(sid, size);
    try {
      this.#socket.send(bytes, info, () => {
        this.#remove(sid, size);
      });
    } catch (error) {
      this.#remove(sid, size);
      throw error;
    }
    return 'queued';
  }

  bufferedAmount(sid: number): number {
    return this.#buffered.get(sid) ?? 0;
  }

  setLowThreshold(sid: number, bytes: number): void {
    this.#thresholds.set(sid, bytes);
  }

  setPriority(): void {
    // The kernel's scheduler is an option of the socket.
  }

  resetStreams(sids: readonly number[]): 'started' {
    const answer = (performed: boolean) => () => {
      this.#listener?.onOutgoingReset(sids, performed);
    };
    this.#socket.resetStreams({ outgoing: [...sids] }).then(answer(true), answer(false));
    return 'started';
  }

  #add(sid: number, size: number): void {
    this.#buffered.set(sid, this.bufferedAmount(sid) + size);
  }

  #remove(sid: number, size: number): void {
    const before = this.bufferedAmount(sid);
    const now = Math.max(before - size, 0);
    if (now === 0) this.#buffered.delete(sid);
    else this.#buffered.set(sid, now);
    const threshold = this.#thresholds.get(sid) ?? 0;
    if (before > threshold && now <= threshold) this.#listener?.onBufferedAmountLow(sid);
  }
}

/** The socket keeps what it is given until it is sent, and the program may change it before. */
function copyOf(view: ArrayBufferView): Buffer {
  return Buffer.from(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
}
