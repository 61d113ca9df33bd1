/** Connects the parts of one Socket: implements what each of them, and its association, need. */
import type { Duplex } from 'node:stream';

import type { ReceivedInfo, SendInfo, WriteCallback } from '../../types/messages';
import type { NativeStreamSocket } from '../../types/native';
import type { SctpOptions } from '../../types/options';
import type { StallInfo } from '../../types/association';
import { Association } from '../association/association';
import type { Link } from '../association/link';
import { OneToOneLink } from '../association/one-to-one-link';
import type { OwnerCalls } from '../association/owner';
import {
  closeTimeout,
  receivedTooLarge,
  stalled,
  systemError,
  writeAfterPeerEnded,
} from '../errors';
import { wipeSecrets } from '../options/secret';
import type { Accepted } from './accepted';
import { Closing, type ClosingHost } from './closing';
import type { SocketConfig } from './config';
import { Connecting, type ConnectingHost } from './connecting/connecting';
import { IdleTimer } from './idle-timer';
import type { Reading, ReadingListener } from './reading/reading';
import { Receiving, type ReceivingHost } from './receiving';
import { type SingleStreamsHost, SingleStreams } from './streams/single-streams';
import { Batches, type BatchesHost } from './writing/batches';
import { MessageChecks } from './writing/message-checks';
import { Writing, type WritingHost } from './writing/writing';

/** What a Socket's user has called, for errors. */
const WORDS = {
  syscall: 'write',
  oversizeRemedy:
    ". To send a byte stream whose chunks need not stay whole, set the option oversize: 'split', or byteStream: true",
  streamsOption: 'OS, sctp.initMsg.numOstreams',
} as const;

type Hosts = OwnerCalls &
  ReadingListener &
  ReceivingHost &
  ClosingHost &
  ConnectingHost &
  SingleStreamsHost &
  BatchesHost &
  WritingHost;

export class SocketCore implements Hosts {
  /** What users see of it. */
  readonly socket: Duplex;
  /** As it was made with, or as it is to connect; of an accepted one, its server's. */
  config: SocketConfig;
  readonly reading: Reading;
  readonly receiving: Receiving;
  readonly checks: MessageChecks;
  readonly batches: Batches;
  readonly writing: Writing;
  readonly streams: SingleStreams;
  readonly closing: Closing;
  association: Association | undefined;
  /** 'close' was emitted, and nothing has been connected since. */
  isOver = false;
  #connecting: Connecting | undefined;
  #idle: IdleTimer | undefined;
  #isReferenced = true;
  #isAccepted = false;
  /** For an accepted association: calls the server back, until it is over. */
  #onAcceptedOver: (() => void) | undefined;

  constructor(socket: Duplex, reading: Reading, config: SocketConfig) {
    this.socket = socket;
    this.config = config;
    this.reading = reading;
    this.receiving = new Receiving(this);
    this.checks = new MessageChecks(this);
    this.batches = new Batches(this, config.byteStream);
    this.writing = new Writing(this, config);
    this.streams = new SingleStreams(this);
    this.closing = new Closing(this);
    reading.listener = this;
  }

  get user(): Duplex {
    return this.socket;
  }

  get connecting(): Connecting {
    return (this.#connecting ??= new Connecting(this));
  }

  /** What `setTimeout` has set. */
  get idle(): IdleTimer {
    return (this.#idle ??= new IdleTimer(this.socket));
  }

  /** Whether there is an association, or is to be one. */
  get isBegun(): boolean {
    return this.isConnecting || this.association !== undefined;
  }

  get isConnecting(): boolean {
    return this.#connecting?.isUnderWay === true;
  }

  get sendFailure(): Error | undefined {
    return this.batches.failure;
  }

  /** Bytes of received messages that nobody has read yet, here or from a single stream. */
  get readAheadBytes(): number {
    return this.reading.totalBytes;
  }

  /** The association while it is established, as far as that is known. */
  get upAssociation(): Association | undefined {
    return this.association?.isUp ? this.association : undefined;
  }

  /** Takes over an association that a server has accepted, or that an endpoint has peeled off. */
  accept({ link, onOver, isPeeledOff }: Accepted): void {
    this.#isAccepted = true;
    this.#onAcceptedOver = onOver;
    this.#take(link, true, isPeeledOff);
    this.batches.open();
  }

  configure(changes: Partial<SocketConfig>): void {
    this.config = { ...this.config, ...changes };
  }

  /** What the next association, or this one as soon as it is up, is to have. */
  change(options: SctpOptions): void {
    this.configure({ sctp: { ...this.config.sctp, ...options } });
  }

  ref(): void {
    this.#isReferenced = true;
    this.association?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.association?.unref();
  }

  /** Something was sent or received. */
  onActivity(): void {
    this.association?.onActivity();
    this.#idle?.refresh();
  }

  // --- What reading reports ---

  get takesMore(): boolean {
    return this.receiving.takesMore;
  }

  onReadingChange(): void {
    this.receiving.limit();
  }

  onListeners(event: string | symbol): void {
    this.association?.onListeners(event);
  }

  /** Messages of a single stream were read. */
  onRead(): void {
    this.reading.hold(false);
    this.receiving.limit();
  }

  // --- What connecting asks for ---

  onConnecting(): void {
    this.#idle?.start();
  }

  adopt(native: NativeStreamSocket): void {
    this.#take(new OneToOneLink(native), false);
  }

  renew(): void {
    this.isOver = false;
    this.streams.close();
    this.streams.renew();
    this.reading.renew();
    this.batches.renew();
    this.closing.renew();
    this.receiving.renew();
    this.association = undefined;
  }

  // --- What the association reports ---

  onUp(): void {
    this.batches.open();
    this.#wipeSecrets();
    if (this.socket.writableEnded) this.association?.ending.expect();
    if (this.association) this.#connecting?.onUp(this.association);
    this.onActivity();
    this.socket.emit('connect');
    this.socket.emit('ready');
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    if (this.socket.destroyed) this.closing.onDropped();
    else this.receiving.onMessage(data, info);
  }

  onTooLarge(): void {
    this.closing.reset(receivedTooLarge(this.config.maxMessageSize));
  }

  onBatchEnd(): void {
    if (!this.socket.destroyed) this.receiving.onBatchEnd();
  }

  onWritable(): void {
    this.batches.flush();
  }

  onPeerEnded(): void {
    this.batches.onPeerEnded(writeAfterPeerEnded);
    if (this.socket.destroyed) return;
    this.reading.end();
    this.streams.end();
  }

  onRestart(error: Error): boolean {
    if (this.config.byteStream) this.onSilentLoss(error); // whatever listeners there are: a gap
    this.streams.onRestart(error);
    return this.batches.failWritten(error);
  }

  onSilentLoss(error: Error): void {
    this.closing.whenRead(() => this.socket.destroy(error));
  }

  onStalled({ duration, unacknowledgedBytes }: StallInfo): void {
    this.closing.reset(stalled(duration, unacknowledgedBytes));
  }

  onBlocked(error: Error): void {
    this.closing.reset(error);
  }

  onStuck(): void {
    this.closing.reset(closeTimeout(this.config.closeTimeout));
  }

  onOver(errno: number): void {
    const { association } = this;
    const error = errno === 0 ? undefined : association?.lossError(errno);
    if (this.closing.onOver(error) || error === undefined) return;
    if (association?.wasUp) this.closing.onLost(error);
    else this.#connecting?.onRefused(errno);
  }

  // --- What writing and single streams ask for ---

  onAccepted(): void {
    this.#idle?.refresh();
    this.association?.onAccepted();
  }

  onBroken(errno: number): void {
    this.association?.investigate(errno, () => {
      const error = systemError('write', errno);
      this.batches.fail(error);
      this.socket.destroy(error);
    });
  }

  onHopelessWrite(): void {
    this.closing.onHopelessWrite();
  }

  send(data: Buffer, info: SendInfo, callback: WriteCallback): void {
    this.writing.send(data, info, callback);
  }

  // --- What closing reports ---

  onDestroy(error: Error | null): void {
    this.association?.dismiss(error);
    this.#connecting?.fail(error);
    this.#idle?.stop();
    this.#wipeSecrets();
  }

  /** A server that has waited for its last socket emits 'close' before that does, as with `net`. */
  onDescriptorClosed(): void {
    this.#onAcceptedOver?.();
    this.#onAcceptedOver = undefined;
  }

  onClose(): void {
    this.isOver = true;
    this.#connecting?.onClosed();
  }

  #take(link: Link, up: boolean, isKnown = false): void {
    if (!this.config.byteStream && link.describeMessages) {
      link.describeMessages(this.receiving);
      this.reading.areDescribed = true;
    }
    this.association = new Association(link, this.socket, this, this.config, WORDS);
    this.receiving.begin(this.association);
    this.association.start(up, isKnown);
    if (!this.#isReferenced) this.association.unref();
  }

  /** Those of a server were wiped as it began to listen. */
  #wipeSecrets(): void {
    if (!this.#isAccepted) wipeSecrets(this.config.sctp);
  }
}
