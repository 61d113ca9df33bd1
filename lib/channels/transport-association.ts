/** An association of the engine over a transport of the user's, and the channels it carries. */
import type { AssociationState } from '../../types/data-channels';
import type { NativeEngineStats, NativeErrorCause } from '../../types/native-engine';
import {
  closeTimeout as closeTimeoutError,
  connectTimeout as connectTimeoutError,
} from '../errors';
import { Engine } from '../engine/engine';
import { type EngineHandler, PERFORMED, RECONFIGURATION } from '../engine/events';
import type { ChannelCore } from './channel-core';
import { ChannelSet } from './channel-set';
import type { Capacity, ChannelTransport, Policy, SendOutcome } from './channel-transport';
import { type Deferred, deferred } from './deferred';
import {
  closedBeforeConnected,
  closedError,
  isError,
  noTransport,
  rtcErrorOf,
  transportFailed,
} from './errors';
import { guarded } from '../guarded';
import type { CheckedOptions } from './options';
import { type Attached, attach, packetBytes } from './packet-transport';
import type { RTCError } from './rtc-error';

/** What the program's face of the association does with news; called in the order of events. */
export interface AssociationFace {
  onState(state: AssociationState): void;
  onConnected(): void;
  onChannel(channel: ChannelCore): void;
  onRestart(): void;
  /** The peer has done what it must not; nothing depends on it. */
  onViolation(error: RTCError): void;
  /** The association has failed. */
  onError(error: Error): void;
  /** The last. */
  onClosed(error: Error | undefined): void;
}

const STARTED = 0;
const BUSY = 3;
const QUEUED = 0;
const FULL = 1;
const TOO_LARGE = 4;

export class TransportAssociation implements ChannelTransport {
  readonly channels: ChannelSet;
  readonly #options: CheckedOptions;
  readonly #face: AssociationFace;
  readonly #engine: Engine;
  #transport: Attached | undefined;
  #state: AssociationState = 'new';
  #connecting: Deferred | undefined;
  /** Set while `connect` waits for a transport. */
  #onTransport: (() => void) | undefined;
  #closing: Deferred | undefined;
  /** The error that we end with, known before the engine ends. */
  #failure: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onAbortSignal: (() => void) | undefined;

  constructor(options: CheckedOptions, face: AssociationFace) {
    const { role, streams, remoteMaxMessageSize, transport, signal } = options;
    this.#options = options;
    this.#face = face;
    const events = {
      onPacket: (packet: unknown) => {
        this.receive(packet);
      },
      onFailure: (error: Error | undefined) => {
        this.fail(transportFailed(error));
      },
    };
    if (transport !== undefined) this.#transport = attach(transport, events);
    this.#engine = new Engine(options.config, this.#handler());
    const maxMessageSize = Math.min(remoteMaxMessageSize, options.config.maxSendMessageSize ?? 0);
    this.channels = new ChannelSet(
      this,
      {
        onChannel: (channel) => {
          guarded(() => {
            face.onChannel(channel);
          });
        },
        onViolation: (error: RTCError) => {
          guarded(() => {
            face.onViolation(error);
          });
        },
      },
      { role, streams, maxMessageSize },
    );
    if (signal?.aborted) this.#abortBy(signal);
    else if (signal) {
      this.#onAbortSignal = () => {
        this.#abortBy(signal);
      };
      signal.addEventListener('abort', this.#onAbortSignal, { once: true });
    }
  }

  get state(): AssociationState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'failed';
  }

  get engine(): Engine {
    return this.#engine;
  }

  setSend(send: (packet: Buffer) => unknown): void {
    this.#transport?.detach();
    this.#transport = { send, detach: () => undefined };
    this.#onTransport?.();
  }

  receive(packet: unknown): void {
    this.#engine.receive(packetBytes(packet));
  }

  /** @param begins whether to send an INIT, or to wait for the peer's */
  connect(begins: boolean, timeout = this.#options.connectTimeout): Promise<void> {
    if (this.#connecting) return this.#connecting.promise;
    this.#connecting = deferred();
    if (this.#state === 'connected') this.#connecting.resolve();
    else if (this.#state !== 'new') {
      this.#connecting.reject(this.#failure ?? closedBeforeConnected());
    } else if (begins && !this.#transport && !this.#failure) {
      this.#awaitTransport(this.#connecting, timeout);
    } else {
      this.#begin(begins, timeout);
    }
    return this.#connecting.promise;
  }

  #begin(begins: boolean, timeout: number): void {
    this.#setState('connecting');
    if (begins) this.#engine.connect();
    if (timeout > 0) {
      this.#timer = setTimeout(() => {
        this.fail(connectTimeoutError(timeout, {}));
      }, timeout);
    }
  }

  #isUnused(): boolean {
    return this.#state === 'new' && !this.#failure && !this.#engine.isOver;
  }

  /** The first packet would leave at the next tick: until then a transport is not late. */
  #awaitTransport(connecting: Deferred, timeout: number): void {
    this.#onTransport = () => {
      this.#onTransport = undefined;
      if (this.#isUnused()) this.#begin(true, timeout);
    };
    process.nextTick(() => {
      if (!this.#onTransport) return;
      this.#onTransport = undefined;
      if (!this.#isUnused()) return; // how it goes on settles the promise
      this.#connecting = undefined;
      connecting.reject(noTransport());
    });
  }

  close(): Promise<void> {
    if (this.#closing) return this.#closing.promise;
    this.#closing = deferred();
    if (this.isOver) {
      this.#closing.resolve();
    } else if (this.#state === 'connected') {
      this.#setState('closing');
      this.channels.closeAll(() => {
        this.#engine.shutdown();
      });
      this.#watchClosing();
    } else {
      this.abort('');
    }
    return this.#closing.promise;
  }

  abort(reason: string): void {
    if (this.isOver) return;
    this.channels.isAborted = true;
    if (this.#state === 'new') this.#engine.discard();
    else this.#engine.abort(reason);
  }

  /** Ends it with an error of ours. */
  fail(error: Error): void {
    if (this.isOver || this.#failure) return;
    this.#failure = error;
    this.abort(error.message);
  }

  #abortBy(signal: AbortSignal): void {
    const { reason } = signal as { reason: unknown };
    this.fail(isError(reason) ? reason : new Error('aborted', { cause: reason }));
  }

  /** A peer that no longer takes anything must not keep `close` from ending. */
  #watchClosing(): void {
    const { closeTimeout } = this.#options;
    if (closeTimeout === 0) return;
    const left = (): number => {
      const stats = this.#engine.stats();
      return (stats?.unsentBytes ?? 0) + (stats?.unacknowledgedBytes ?? 0);
    };
    let before = left();
    this.#timer = setInterval(() => {
      const now = left();
      if (now > 0 && now < before) before = now;
      else this.fail(closeTimeoutError(closeTimeout));
    }, closeTimeout);
  }

  stats(): NativeEngineStats | undefined {
    return this.#engine.stats();
  }

  // What the channels need.

  send(
    data: string | ArrayBufferView,
    sid: number,
    ppid: number,
    unordered: boolean,
    policy: Policy,
    value: number,
  ): SendOutcome {
    const status = this.#engine.send(data, sid, ppid, unordered, policy, value);
    if (status === QUEUED) return 'queued';
    return status === FULL || status === TOO_LARGE ? 'full' : 'impossible';
  }

  bufferedAmount(sid: number): number {
    return this.#engine.bufferedAmount(sid);
  }

  setLowThreshold(sid: number, bytes: number): void {
    this.#engine.setLowThreshold(sid, bytes);
  }

  setPriority(sid: number, priority: number): void {
    this.#engine.setWeight(sid, Math.max(priority, 1));
  }

  resetStreams(sids: readonly number[]): 'started' | 'busy' | 'impossible' {
    const status = this.#engine.resetStreams(sids);
    return status === STARTED ? 'started' : status === BUSY ? 'busy' : 'impossible';
  }

  #setState(state: AssociationState): void {
    this.#state = state;
    guarded(() => {
      this.#face.onState(state);
    });
  }

  #handler(): EngineHandler {
    const channels = (): ChannelSet => this.channels;
    return {
      onPackets: (packets) => {
        for (const packet of packets) this.#sendPacket(packet);
      },
      onMessage: (sid, ppid, data) => {
        channels().onMessage(sid, ppid, data);
      },
      onConnected: (outbound, inbound, features) => {
        this.#onConnected(capacityOf(outbound, inbound, features));
      },
      onRestarted: (outbound, inbound, features) => {
        channels().onRestart();
        channels().onUp(capacityOf(outbound, inbound, features));
        guarded(() => {
          this.#face.onRestart();
        });
      },
      onBufferedAmountLow: (sid) => {
        channels().onBufferedAmountLow(sid);
      },
      onIncomingReset: (sids) => {
        channels().onIncomingReset(sids);
      },
      onOutgoingReset: (sids, result) => {
        channels().onOutgoingReset(sids, result === PERFORMED);
      },
      onPeerShutdown: () => {
        if (this.#state !== 'connected') return;
        this.#setState('closing');
        channels().closeAll(() => undefined);
      },
      onClosed: (reason, causes) => {
        this.#onClosed(reason, causes);
      },
    };
  }

  #sendPacket(packet: Buffer): void {
    try {
      const sent = this.#transport?.send(packet) as PromiseLike<unknown> | undefined;
      if (typeof sent?.then !== 'function') return;
      sent.then(undefined, (error: unknown) => {
        this.fail(transportFailed(error));
      });
    } catch (error) {
      this.fail(transportFailed(error));
    }
  }

  #onConnected(capacity: Capacity): void {
    clearTimeout(this.#timer);
    this.#setState('connected');
    this.channels.onUp(capacity);
    this.#connecting?.resolve();
    guarded(() => {
      this.#face.onConnected();
    });
  }

  #onClosed(reason: number, causes: NativeErrorCause[]): void {
    clearTimeout(this.#timer);
    const { signal, maxMessageSize } = this.#options;
    if (this.#onAbortSignal) signal?.removeEventListener('abort', this.#onAbortSignal);
    this.#transport?.detach();
    this.#failure ??= closedError(reason, causes, maxMessageSize);
    const error = this.#failure;
    const wasUp = this.#state === 'connected' || this.#state === 'closing';
    this.#setState(error ? 'failed' : 'closed');
    if (!wasUp) this.#connecting?.reject(error ?? closedBeforeConnected());
    this.channels.onDown(error && rtcErrorOf(error));
    if (error && this.#closing) this.#closing.reject(error);
    else this.#closing?.resolve();
    if (error) {
      guarded(() => {
        this.#face.onError(error);
      });
    }
    guarded(() => {
      this.#face.onClosed(error);
    });
  }
}

function capacityOf(outbound: number, inbound: number, features: number): Capacity {
  return { streams: Math.min(outbound, inbound), canReset: (features & RECONFIGURATION) !== 0 };
}
