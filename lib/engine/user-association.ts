/** One association of the user-space engine on a UDP port, as a one-to-one socket has it. */
import { constants as os } from 'node:os';

import { familyOf } from '../addresses/family';
import type { Address } from '../../types/address';
import type {
  NativeNotification,
  NativeOptionValues,
  NotificationNumbers,
} from '../../types/native-values';
import type { NativeErrorCause } from '../../types/native-engine';
import { binding } from '../binding';
import { constants } from '../constants';
import { type Door, Engine } from './engine';
import { CLOSED, type EngineHandler, type FailedMessage } from './events';
import { type OnBatch, RowWriter } from './row-writer';
import type { Attachment, PacketTarget, Source, UdpPort } from './udp-port';
import {
  assocChange,
  remoteError,
  senderDry,
  sendFailed,
  shutdownEvent,
} from './user-notifications';
import type { UserOptions } from './user-options';
import { pathInfo, status } from './user-status';
import { UserStreams } from './user-streams';

const { EADDRINUSE, EAGAIN, EBUSY, ECONNABORTED, ECONNREFUSED, ECONNRESET } = os.errno;
const { EINVAL, EMSGSIZE, EPIPE, ETIMEDOUT } = os.errno;

/** What the engine's `send` returns, but for 0, as errnos. */
const SEND_ERRORS = [0, -EAGAIN, -EINVAL, -EINVAL, -EMSGSIZE, -EPIPE, -EPIPE];

const POLICIES: Readonly<Record<number, number>> = {
  [constants.SCTP_PR_SCTP_NONE]: 0,
  [constants.SCTP_PR_SCTP_TTL]: 1,
  [constants.SCTP_PR_SCTP_RTX]: 2,
  [constants.SCTP_PR_SCTP_PRIO]: 3,
};

/** In a packet, beside a message that is not split. */
const PACKET_OVERHEAD = 12 + 20;

export interface UserAssociationConfig {
  port: UdpPort;
  source: Source;
  peerPort: number;
  ownPort: number;
  /** The longest packet. */
  mtu: number;
  maxMessageSize: number;
  options: UserOptions;
  subscriptions: ReadonlySet<number>;
  door?: Door;
}

/** What its socket gets. */
export interface UserAssociationListener {
  readonly onBatch?: OnBatch;
  readonly onWritable?: () => void;
}

export class UserAssociation implements PacketTarget, EngineHandler {
  readonly peer: Address;
  readonly local: Address;
  readonly options: UserOptions;
  readonly #engine: Engine;
  readonly #streams: UserStreams;
  readonly #attachment: Attachment | undefined;
  readonly maxMessageSize: number;
  readonly #rows = new RowWriter();
  #listener: UserAssociationListener | undefined;
  #subscriptions: Set<number>;
  #wasUp = false;
  #isDelivering = false;
  #isWriting = false;
  #limit: number | undefined;
  #refused = 0;
  readonly #schedulerValues = new Map<number, number>();

  constructor(config: UserAssociationConfig) {
    const { port, source, peerPort, ownPort, options, door } = config;
    this.options = options;
    this.maxMessageSize = config.maxMessageSize;
    this.#subscriptions = new Set(config.subscriptions);
    const { address, family, localAddress } = source;
    this.peer = { address, family, port: peerPort };
    const ownFamily = familyOf(localAddress);
    this.local = { address: localAddress, family: ownFamily, port: ownPort };
    const given = {
      ...options.config(),
      localPort: ownPort,
      remotePort: peerPort,
      mtu: config.mtu,
      maxReceiveMessageSize: config.maxMessageSize,
    };
    this.#engine = new Engine(given, this, door);
    this.#streams = new UserStreams(this.#engine, (type, make) => {
      this.#notify(type, make);
    });
    this.#engine.unref(); // the UDP port keeps the process alive
    this.#attachment = port.attach(this, source, peerPort, ownPort);
  }

  /** 0, or why there can be none. */
  get error(): number {
    return this.#attachment ? 0 : -EADDRINUSE;
  }

  get isOver(): boolean {
    return this.#engine.isOver;
  }

  /** Until its first notification is read; then that says it. */
  get startedStreams(): { outStreams: number; inStreams: number } | undefined {
    const stats = this.#wasUp ? undefined : this.#engine.stats();
    return stats && { outStreams: stats.outboundStreams, inStreams: stats.inboundStreams };
  }

  attach(listener: UserAssociationListener): void {
    this.#listener = listener;
  }

  connect(): void {
    this.#engine.connect();
  }

  watch(reading: boolean, writing: boolean): void {
    this.#engine.setReading(reading);
    if (writing && !this.#isWriting)
      setImmediate(() => {
        this.#tellWritable();
      });
    this.#isWriting = writing;
  }

  limitReads(count: number): void {
    this.#limit = count;
  }

  /** @returns 1 if there may be more, 0, or errno */
  read(): number {
    if (this.#isDelivering) return -EBUSY;
    return this.#engine.deliver(this.#limit) ? 1 : 0;
  }

  send(
    data: ArrayBufferView,
    sid: number,
    ppid: number,
    flags: number,
    context: number,
    prPolicy: number,
    prValue: number,
  ): number {
    const unordered = (flags & constants.SCTP_UNORDERED) !== 0;
    const sackImmediately = (flags & constants.SCTP_SACK_IMMEDIATELY) !== 0;
    const policy = POLICIES[prPolicy];
    if (policy === undefined) return -EINVAL;
    const longest = (this.#engine.stats()?.mtu ?? 0) - PACKET_OVERHEAD;
    if (this.options.isOn('disableFragments') && data.byteLength > longest) return -EMSGSIZE;
    const result = this.#engine.send(
      data,
      sid,
      ppid,
      unordered,
      policy,
      prValue,
      context,
      sackImmediately,
    );
    return result === 0 ? data.byteLength : (SEND_ERRORS[result] ?? -EINVAL);
  }

  unacknowledgedBytes(): number {
    return this.#engine.retainedBytes();
  }

  subscribe(types: NotificationNumbers, on: boolean): void {
    for (const type of types) {
      if (on) this.#subscriptions.add(type);
      else this.#subscriptions.delete(type);
    }
    // Each subscription is answered at once where there is nothing to wait for.
    if (!on || !types.includes(constants.SCTP_SENDER_DRY_EVENT)) return;
    setImmediate(() => {
      if (this.isOver || this.#engine.retainedBytes() > 0) return;
      this.onDrained();
      this.#flushRows();
    });
  }

  getOption(name: string, args: NativeOptionValues = {}): NativeOptionValues | number {
    const stats = this.isOver ? undefined : this.#engine.stats();
    switch (name) {
      case 'status':
        return stats ? status(stats, this.#engine.state, this.peer) : -EINVAL;
      case 'peerAddrInfo':
        return stats && this.#isPeer(args['address']) ? pathInfo(stats, this.peer) : -EINVAL;
      case 'primaryAddr':
        return stats ? { value: this.peer } : -EINVAL;
      case 'streamSchedulerValue': {
        const sid = Number(args['sid']);
        if (!stats || sid >= stats.outboundStreams) return -EINVAL;
        return { sid, value: this.#schedulerValues.get(sid) ?? 0 };
      }
      default:
        return this.options.get(name);
    }
  }

  setOption(name: string, values: NativeOptionValues): number {
    if (name === 'primaryAddr') return this.#isPeer(values['value']) ? 0 : -EINVAL;
    if (name === 'streamSchedulerValue') {
      const sid = Number(values['sid']);
      if (sid >= this.#streams.counts.outbound) return -EINVAL;
      this.#schedulerValues.set(sid, Number(values['value']));
      this.#engine.setPriority(sid, Number(values['value']));
      this.#engine.setWeight(sid, Math.max(1, Number(values['value'])));
      return 0;
    }
    if (values['address'] !== undefined && !this.#isPeer(values['address'])) return -EINVAL;
    const errno = this.options.set(name, values);
    if (errno === 0) this.#engine.tune(this.options.config());
    return errno;
  }

  resetStreams(flags: number, streams: readonly number[]): number {
    return this.#streams.reset(flags, streams);
  }

  addStreams(incoming: number, outgoing: number): number {
    return this.#streams.add(incoming, outgoing);
  }

  shutdown(): void {
    this.#engine.shutdown();
  }

  /** Ends it at once, and lets go of it. */
  abort(reason: string): void {
    this.#listener = undefined;
    this.#engine.abort(reason);
    this.#engine.release();
    this.#attachment?.detach();
  }

  /** Lets go of it; what has been sent is delivered, if the peer lives. */
  close(): void {
    this.#listener = undefined;
    this.#engine.setReading(true);
    if (this.isOver) {
      this.#engine.release();
      this.#attachment?.detach();
    } else {
      this.#engine.shutdown();
    }
  }

  ref(): void {
    this.#attachment?.ref();
  }

  unref(): void {
    this.#attachment?.unref();
  }

  // --- What the UDP port reports ---

  receive(packet: Buffer): void {
    this.#engine.receive(packet);
  }

  flush(): void {
    this.#engine.flush();
    // Its ports are free, whenever it is read to its end.
    if (this.isOver) this.#attachment?.detach();
  }

  /** Only while it is being set up: whoever is there may answer though a packet was refused. */
  onUnreachable(errno: number): void {
    if (this.#wasUp || this.isOver) return;
    this.#refused = errno;
    this.#engine.abort('');
    this.#engine.flush();
  }

  onExit(): void {
    this.#engine.abort('');
    this.#engine.release();
  }

  // --- What the engine reports ---

  onPackets(packets: Buffer[]): void {
    this.#attachment?.send(packets);
    this.#tellWritable();
  }

  onMessage(sid: number, ppid: number, data: Buffer, unordered: boolean): void {
    this.#rows.message(data, sid, ppid, unordered, this.options.number('context'));
  }

  onMessageFailed(failed: FailedMessage): void {
    this.#notify(constants.SCTP_SEND_FAILED_EVENT, () => sendFailed(failed));
  }

  onConnected(outbound: number, inbound: number): void {
    this.#wasUp = true;
    this.#streams.agreed({ outbound, inbound });
    this.#notifyOfChange(constants.SCTP_COMM_UP);
  }

  onRestarted(outbound: number, inbound: number): void {
    this.#streams.agreed({ outbound, inbound });
    this.#notifyOfChange(constants.SCTP_RESTART);
  }

  onDrained(): void {
    this.#notify(constants.SCTP_SENDER_DRY_EVENT, senderDry);
  }

  onIncomingReset(sids: number[]): void {
    this.#streams.onIncomingReset(sids);
  }

  onResetAnswered(_sids: number[], result: number): void {
    this.#streams.onResetAnswered(result);
  }

  onOutgoingReset(sids: number[], result: number): void {
    this.#streams.onOutgoingReset(sids, result);
  }

  onStreamsAdded(outbound: number, inbound: number, result: number, byPeer: boolean): void {
    this.#streams.onAdded({ outbound, inbound }, result, byPeer);
  }

  onPeerShutdown(): void {
    this.#notify(constants.SCTP_SHUTDOWN_EVENT, shutdownEvent);
  }

  onErrorReceived(causes: NativeErrorCause[]): void {
    for (const cause of causes) {
      this.#notify(constants.SCTP_REMOTE_ERROR, () => remoteError(cause));
    }
  }

  onClosed(reason: number, causes: NativeErrorCause[]): void {
    this.#attachment?.detach();
    const { SCTP_SHUTDOWN_COMP, SCTP_COMM_LOST, SCTP_CANT_STR_ASSOC } = constants;
    if (reason === CLOSED.shutdown) {
      this.#notifyOfChange(SCTP_SHUTDOWN_COMP);
      this.#flushRows();
      return;
    }
    if (reason === CLOSED.resources) this.#rows.tooLarge();
    this.#notifyOfChange(
      this.#wasUp ? SCTP_COMM_LOST : SCTP_CANT_STR_ASSOC,
      reason === CLOSED.peerAborted ? causes : [],
    );
    this.#rows.error(this.#errnoOf(reason));
    this.#flushRows();
  }

  onBatchEnd(): void {
    this.#flushRows();
    this.#tellWritable();
  }

  #errnoOf(reason: number): number {
    if (this.#refused !== 0) return this.#refused;
    if (reason === CLOSED.setupFailed || reason === CLOSED.timedOut) return -ETIMEDOUT;
    if (reason === CLOSED.peerAborted) return this.#wasUp ? -ECONNRESET : -ECONNREFUSED;
    return -ECONNABORTED;
  }

  #notifyOfChange(state: number, causes?: readonly NativeErrorCause[]): void {
    this.#notify(constants.SCTP_ASSOC_CHANGE, () =>
      assocChange(state, this.#streams.counts, causes),
    );
  }

  #notify(type: number, make: () => NativeNotification): void {
    const isWanted = binding.essentialNotifications.includes(type) || this.#subscriptions.has(type);
    if (isWanted) this.#rows.notification(make());
  }

  #flushRows(): void {
    this.#isDelivering = true;
    try {
      this.#rows.flush(this.#listener?.onBatch);
    } finally {
      this.#isDelivering = false;
    }
  }

  /** As the kernel: once a third of the send buffer is free. */
  #tellWritable(): void {
    if (!this.#isWriting || this.isOver) return;
    const room = this.options.number('sndBuf') - this.#engine.retainedBytes();
    if (room * 3 >= this.options.number('sndBuf')) this.#listener?.onWritable?.();
  }

  #isPeer(address: unknown): boolean {
    const given = address as Partial<Address> | undefined;
    return given?.address === this.peer.address;
  }
}
