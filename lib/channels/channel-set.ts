/** The data channels of one association: their streams, how they are opened and how closed. */
import type { Role } from '../../types/data-channels';
import { type CheckedInit, LARGEST_ID } from './channel-init';
import { ChannelCore, type ChannelOwner } from './channel-core';
import {
  type Capacity,
  type ChannelTransport,
  type ChannelTransportListener,
  RELIABLE,
} from './channel-transport';
import { ACK, DATA_CHANNEL_PPID as PPID, decode, encodeOpen, type OpenMessage } from './dcep';
import { operationError, RTCError } from './rtc-error';
import { StreamIds } from './stream-ids';
import { StreamResets } from './stream-resets';

/** What the association makes of its channels. */
export interface ChannelSetOwner {
  /** The peer has opened a channel. */
  onChannel(channel: ChannelCore): void;
  /** The peer has done what it must not; nothing depends on it. */
  onViolation(error: RTCError): void;
}

/** A stream in use: by a channel, or until a reset that has no channel is done. */
interface Stream {
  channel: ChannelCore | undefined;
  isResetByUs: boolean;
  isResetByPeer: boolean;
}

function violation(message: string): RTCError {
  return new RTCError({ errorDetail: 'data-channel-failure' }, message);
}

export class ChannelSet implements ChannelOwner, ChannelTransportListener {
  readonly transport: ChannelTransport;
  readonly maxMessageSize: number;
  isAborted = false;
  readonly #owner: ChannelSetOwner;
  readonly #ids: StreamIds;
  readonly #resets: StreamResets;
  readonly #streams = new Map<number, Stream>();
  readonly #wanted: number;
  #capacity: Capacity | undefined;
  #whenFinished: (() => void) | undefined;

  /** @param streams how many are asked for */
  constructor(
    transport: ChannelTransport,
    owner: ChannelSetOwner,
    { role, streams, maxMessageSize }: { role: Role; streams: number; maxMessageSize: number },
  ) {
    this.transport = transport;
    this.maxMessageSize = maxMessageSize;
    this.#owner = owner;
    this.#wanted = streams;
    this.#ids = new StreamIds(role);
    this.#resets = new StreamResets(transport);
  }

  get channels(): ChannelCore[] {
    return [...this.#streams.values()].flatMap(({ channel }) => channel ?? []);
  }

  create(init: CheckedInit): ChannelCore {
    const channel = new ChannelCore(init, this.#choose(init), this);
    this.#streams.set(channel.id, { channel, isResetByUs: false, isResetByPeer: false });
    // The caller must have the channel before anything happens to it.
    if (this.#capacity) this.#announce(channel);
    return channel;
  }

  #choose({ id, negotiated }: CheckedInit): number {
    const streams = Math.min(this.#capacity?.streams ?? this.#wanted, LARGEST_ID + 1);
    if (id === undefined) {
      const next = this.#ids.next((candidate) => this.#streams.has(candidate), streams);
      if (next === undefined) throw operationError(`All ${String(streams)} streams are in use`);
      return next;
    }
    if (id >= streams) {
      throw operationError(`There are ${String(streams)} streams, so none has id ${String(id)}`);
    }
    if (!negotiated && !this.#ids.isOurs(id)) {
      throw operationError(`Stream ${String(id)} has the parity of the peer's channels`);
    }
    if (this.#streams.has(id)) throw operationError(`Stream ${String(id)} is in use`);
    return id;
  }

  #announce(channel: ChannelCore): void {
    const { init, id } = channel;
    if (id >= (this.#capacity?.streams ?? 0)) {
      const count = String(this.#capacity?.streams);
      this.#release(id);
      channel.onClosed(
        violation(`The peer granted ${count} streams, so none has id ${String(id)}`),
      );
      return;
    }
    if (!init.negotiated) this.transport.send(encodeOpen(init), id, PPID.DCEP, false, RELIABLE, 0);
    channel.open(true);
  }

  /** The association is to end. @param done called when it has all that channels accepted */
  closeAll(done: () => void): void {
    this.#whenFinished = done;
    for (const channel of this.channels) channel.close(true);
    this.#checkFinished();
  }

  #checkFinished(): void {
    if (!this.channels.every(({ isFinished }) => isFinished)) return;
    const done = this.#whenFinished;
    this.#whenFinished = () => undefined;
    done?.();
  }

  /** The association is over. */
  onDown(error: RTCError | undefined): void {
    this.#resets.clear();
    const { channels } = this;
    this.#streams.clear();
    for (const channel of channels) channel.onClosed(error);
  }

  onUp(capacity: Capacity): void {
    this.#capacity = capacity;
    for (const channel of this.channels) {
      if (channel.state === 'connecting') this.#announce(channel);
    }
  }

  onRestart(): void {
    this.#resets.clear();
    for (const [id, { channel }] of [...this.#streams]) {
      if (channel?.init.negotiated && channel.state === 'open') continue; // both ends know of it
      this.#release(id);
      const message = 'The peer has restarted the association';
      channel?.onClosed(new RTCError({ errorDetail: 'sctp-failure' }, message));
    }
  }

  onMessage(sid: number, ppid: number, data: Buffer): void {
    if (ppid === PPID.DCEP) {
      this.#onControl(sid, data);
      return;
    }
    const channel = this.#streams.get(sid)?.channel;
    if (channel === undefined) {
      if (!this.#streams.has(sid)) {
        this.#owner.onViolation(
          violation(`A message on stream ${String(sid)}, which is no channel`),
        );
      }
      return;
    }
    channel.isKnownToPeer = true;
    switch (ppid) {
      case PPID.STRING:
        channel.onMessage(data.toString());
        break;
      case PPID.BINARY:
        channel.onMessage(data);
        break;
      case PPID.STRING_EMPTY:
        channel.onMessage('');
        break;
      case PPID.BINARY_EMPTY:
        channel.onMessage(Buffer.alloc(0));
        break;
      default:
        this.#owner.onViolation(
          violation(`A message with PPID ${String(ppid)}, which no channel uses`),
        );
    }
  }

  #onControl(sid: number, data: Buffer): void {
    const message = decode(data);
    const stream = this.#streams.get(sid);
    switch (message.type) {
      case 'open':
        this.#onOpen(sid, message.open);
        break;
      case 'ack':
        if (stream?.channel) stream.channel.isKnownToPeer = true;
        break;
      case 'malformed':
        this.#refuse(sid, message.reason);
        break;
      case 'unknown':
        this.#owner.onViolation(violation(`${message.reason} on stream ${String(sid)}`));
        break;
    }
  }

  #onOpen(sid: number, open: OpenMessage): void {
    const former = this.#streams.get(sid);
    // It cannot open it again before it knows that we have reset it: the answer got lost, or late.
    if (former?.isResetByPeer && former.channel?.state !== 'open') {
      this.#release(sid);
      former.channel?.onClosed();
    } else if (former) {
      this.#refuse(sid, `a DATA_CHANNEL_OPEN on stream ${String(sid)}, which is in use`);
      return;
    }
    if (this.#ids.isOurs(sid)) {
      this.#refuse(sid, `a DATA_CHANNEL_OPEN on stream ${String(sid)}, whose parity is ours`);
      return;
    }
    if (sid >= (this.#capacity?.streams ?? 0)) {
      this.#refuse(
        sid,
        `a DATA_CHANNEL_OPEN on stream ${String(sid)}, on which nothing can be sent`,
      );
      return;
    }
    const channel = new ChannelCore({ ...open, negotiated: false, id: sid }, sid, this);
    channel.isKnownToPeer = true;
    this.#streams.set(sid, { channel, isResetByUs: false, isResetByPeer: false });
    this.transport.send(ACK, sid, PPID.DCEP, false, RELIABLE, 0);
    channel.open(false);
    this.#owner.onChannel(channel);
  }

  /** RFC 8832 §6: what cannot be granted is closed, by a reset. */
  #refuse(sid: number, reason: string): void {
    const error = violation(`The peer sent ${reason}`);
    const stream = this.#streams.get(sid);
    if (stream?.channel) {
      stream.channel.onError(error);
      stream.channel.close(false);
    } else if (stream === undefined && sid < (this.#capacity?.streams ?? 0)) {
      this.#streams.set(sid, { channel: undefined, isResetByUs: false, isResetByPeer: false });
      this.#reset(sid);
    }
    this.#owner.onViolation(error);
  }

  onFinished(channel: ChannelCore): void {
    if (this.#streams.get(channel.id)?.channel !== channel) return;
    if (this.#whenFinished) {
      this.#checkFinished(); // the end of the association closes it
    } else if (this.#capacity?.canReset) {
      this.#reset(channel.id);
    } else {
      // Before the association is up nobody knows of it; else the peer cannot be notified.
      if (this.#capacity === undefined) this.#release(channel.id);
      setImmediate(() => {
        channel.onClosed();
      });
    }
  }

  #reset(sid: number): void {
    const stream = this.#streams.get(sid);
    if (stream === undefined) return;
    this.#resets.request(sid, () => {
      stream.isResetByUs = true;
      this.#settle(sid, stream);
    });
  }

  onIncomingReset(sids: readonly number[]): void {
    for (const sid of sids.length === 0 ? [...this.#streams.keys()] : sids) {
      const stream = this.#streams.get(sid);
      if (stream === undefined) continue;
      stream.isResetByPeer = true;
      stream.channel?.close(false);
      this.#settle(sid, stream);
    }
  }

  onOutgoingReset(sids: readonly number[], performed: boolean): void {
    this.#resets.onAnswer(sids, performed);
  }

  onBufferedAmountLow(sid: number): void {
    this.#streams.get(sid)?.channel?.onBufferedAmountLow();
  }

  /** A stream is free, and its channel closed, once it is reset both ways. */
  #settle(sid: number, stream: Stream): void {
    if (!stream.isResetByUs || !stream.isResetByPeer) return;
    if (this.#streams.get(sid) !== stream) return; // in use again
    this.#release(sid);
    stream.channel?.onClosed();
  }

  #release(sid: number): void {
    this.#streams.delete(sid);
    this.#ids.release(sid);
  }
}
