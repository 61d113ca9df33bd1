/** What comes in for a Socket: counted, handed on, and no more of it than there is room for. */
import type { Duplex } from 'node:stream';

import type { Message, ReceivedInfo } from '../../types/messages';
import type { Association } from '../association/association';
import type { Flow } from '../batch';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import { BYTE_STREAM_PACE, ReadPace } from './reading/read-pace';
import type { Reading } from './reading/reading';
import type { SingleStreams } from './streams/single-streams';

/** What Receiving needs of its Socket. */
export interface ReceivingHost {
  readonly socket: Duplex;
  readonly config: { readonly byteStream: boolean };
  readonly association: Association | undefined;
  readonly reading: Reading;
  readonly streams: SingleStreams;
  /** Something was received. */
  onActivity(): void;
}

export class Receiving implements Flow {
  readonly #host: ReceivingHost;
  #pace: ReadPace;
  /** There was room for more when that was last looked at. */
  #hadRoom = false;
  /** Received, whether it has been read or not. */
  bytesRead = 0;

  constructor(host: ReceivingHost) {
    this.#host = host;
    this.#pace = this.#newPace();
  }

  /** An association is being set up. */
  begin(association: Association): void {
    this.#hadRoom = false;
    association.limitReads(this.#pace.limit);
  }

  /** For another association. */
  renew(): void {
    this.#pace = this.#newPace();
    this.bytesRead = 0;
  }

  /** Stops while too much waits to be read. */
  limit(): void {
    const { reading, socket, association } = this.#host;
    this.#hadRoom = reading.totalCharge < reading.limit && !reading.isHeld;
    association?.setReading(this.#hadRoom || socket.destroyed);
  }

  /** Whether more is received, as far as that has been looked at. */
  get takesMore(): boolean {
    return this.#hadRoom;
  }

  /** While somebody reads all streams as one, without any of what else there is. */
  take(message: Message): boolean {
    const { reading, streams } = this.#host;
    if (!reading.passesBy() || streams.areUsed) return false;
    const { length } = message;
    this.bytesRead += length;
    this.#pace.count(length + MESSAGE_OVERHEAD);
    reading.passBy(message);
    return true;
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    const { reading, streams } = this.#host;
    this.bytesRead += data.length;
    this.#pace.count(data.length + MESSAGE_OVERHEAD);
    if (streams.deliver(data, info)) return;
    if (reading.announcesStreams) streams.announce(data, info);
    else reading.deliver(data, info);
  }

  /** Everything that one wake-up brought was handed over. */
  onBatchEnd(): void {
    if (this.#pace.hasCounted) this.#host.onActivity();
    const { reading } = this.#host;
    if (this.#hadRoom && this.#pace.isMost && reading.isDrained) {
      this.#pace.skip(); // the reader keeps up, as most do
      return;
    }
    this.limit();
    const { totalCharge: unread, limit } = reading;
    const before = this.#pace.limit;
    const next = this.#pace.next(unread, limit - unread);
    if (next !== before) this.#host.association?.limitReads(next);
  }

  #newPace(): ReadPace {
    return this.#host.config.byteStream ? new ReadPace(BYTE_STREAM_PACE) : new ReadPace();
  }
}
