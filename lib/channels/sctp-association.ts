/** The older package's class: the same names, on the same engine. */
import { EventEmitter } from 'node:events';

import type {
  DataChannelInit,
  SctpAssociationEventMap,
  SctpAssociationOptions,
  SctpAssociationState,
} from '../../types/data-channels';
import { checkDuration, checkFunction, checkObject, checkProperties } from '../validate';
import { TransportAssociation } from './transport-association';
import { checkChannelInit } from './channel-init';
import { checkOptions } from './options';
import { invalidState } from './rtc-error';
import { SctpDataChannel } from './sctp-data-channel';

/** The arguments that each event's listeners get. */
export type SctpAssociationEvents = SctpAssociationEventMap<SctpDataChannel>;

const OPTION_NAMES = [
  'localPort',
  'remotePort',
  'role',
] as const satisfies readonly (keyof SctpAssociationOptions)[];

/** That package set no limit to a message; memory does. */
const MAX_MESSAGE_SIZE = 16 * 1024 * 1024;

/** An SCTP association as the older package has it; new programs use `createDataChannelAssociation`. */
export class SctpAssociation extends EventEmitter<SctpAssociationEvents> {
  readonly #core: TransportAssociation;
  readonly #isClient: boolean;

  constructor(options: SctpAssociationOptions) {
    super();
    const { localPort: port, remotePort, role } = checkProperties('options', options, OPTION_NAMES);
    const limits = { maxMessageSize: MAX_MESSAGE_SIZE, remoteMaxMessageSize: MAX_MESSAGE_SIZE };
    this.#isClient = role === 'client';
    this.#core = new TransportAssociation(checkOptions({ port, remotePort, role, ...limits }), {
      onState: (state) => {
        // That package does not know it.
        if (state !== 'closing') this.emit('state', state);
      },
      onConnected: () => undefined,
      onChannel: (channel) => this.emit('datachannel', new SctpDataChannel(channel)),
      onRestart: () => undefined,
      onViolation: () => undefined,
      onError: (error) => {
        if (this.listenerCount('error') > 0) this.emit('error', error);
      },
      onClosed: () => undefined,
    });
  }

  get state(): SctpAssociationState {
    const { state } = this.#core;
    return state === 'closing' ? 'connected' : state;
  }

  /** Bytes that may be in flight. */
  get cwnd(): number {
    return this.#core.stats()?.cwnd ?? 0;
  }

  /** Bytes in flight. */
  get flightSize(): number {
    return this.#core.stats()?.flightSize ?? 0;
  }

  /** Bytes that the peer has room for. */
  get peerRwnd(): number {
    return this.#core.stats()?.peerRwnd ?? 0;
  }

  /** Messages that wait to be sent, wholly or in part. */
  get sendQueueLength(): number {
    return this.#core.stats()?.unsentMessages ?? 0;
  }

  /** Whether messages wait because the peer has no room. */
  get peerWindowClosed(): boolean {
    const stats = this.#core.stats();
    return stats !== undefined && stats.unsentMessages > 0 && stats.peerRwnd < stats.mtu;
  }

  /** `send` is called with each packet, and may keep it. */
  setSendCallback(send: (packet: Buffer) => unknown): void {
    checkFunction('send', send);
    this.#core.setSend(send);
  }

  /** A packet that the transport has received. */
  handleIncoming(packet: Buffer | Uint8Array): void {
    this.#core.receive(packet);
  }

  /** Resolves when the association is up: the client begins, the server waits for it. */
  async connect(timeoutMs = 30_000): Promise<void> {
    const timeout = checkDuration('timeoutMs', timeoutMs);
    await this.#core.connect(this.#isClient, timeout);
  }

  /** Opens a channel, also before the association is up. */
  createDataChannel(options: { label: string } & DataChannelInit): SctpDataChannel {
    const { label, ...init } = checkObject('options', options);
    const checked = checkChannelInit(label, init);
    const { state, isOver } = this.#core;
    if (isOver || state === 'closing') throw invalidState(`The association is ${state}`);
    return new SctpDataChannel(this.#core.channels.create(checked));
  }

  /** Ends the association after what was sent. */
  close(): Promise<void> {
    return this.#core.close();
  }
}
