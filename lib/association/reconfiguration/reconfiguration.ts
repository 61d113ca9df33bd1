/** Resetting and adding streams (RFC 6525), by us and by the peer. */
import type { NativeNotification } from '../../../types/native-values';
import { constants } from '../../constants';
import { outOfRange, reconfigurationOver, socketClosed } from '../../errors';
import { UINT16 } from '../../validate';
import { optionOf } from '../option-of';
import { isHeard } from '../owner';
import type { Part, PartHost } from '../part';
import { RequestQueue } from './request-queue';
import {
  addRequest,
  type Answer,
  associationRequest,
  type Direction,
  type Request,
  resetRequest,
  type Wish,
} from './requests';

const { SCTP_STREAM_RESET_EVENT, SCTP_ASSOC_RESET_EVENT, SCTP_STREAM_CHANGE_EVENT, SCTP_COMM_UP } =
  constants;

const NOTIFICATIONS = [SCTP_STREAM_RESET_EVENT, SCTP_ASSOC_RESET_EVENT, SCTP_STREAM_CHANGE_EVENT];
/** What the peer may do on its own. */
export const RECONFIGURATION_EVENTS = [
  'streams-reset',
  'association-reset',
  'streams-added',
] as const;

export class Reconfiguration implements Part {
  readonly #host: PartHost;
  readonly #requests: RequestQueue;
  #isAsking = false;

  constructor(host: PartHost) {
    this.#host = host;
    this.#requests = new RequestQueue(host.link, (busy) => {
      this.#isAsking = busy;
      this.#subscribe();
    });
  }

  /** @returns settled by the peer's answers, or by the end of the association */
  async resetStreams(wishes: Wish<number[]>[]): Promise<void> {
    for (const { direction, value } of wishes) this.#checkStreams(direction, value);
    for (const wish of wishes) await this.#ask(resetRequest(wish));
  }

  /** @returns settled by the peer's answers, or by the end of the association */
  async addStreams(wishes: Wish<number>[]): Promise<void> {
    for (const { direction, value } of wishes) this.#checkSum(direction, value);
    for (const wish of wishes) await this.#ask(addRequest(wish));
  }

  /** @returns settled by the peer's answer, or by the end of the association */
  async resetAssociation(): Promise<void> {
    await this.#ask(associationRequest);
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(): void {
    this.#subscribe();
  }

  onNotification(notification: NativeNotification): void {
    if (isAnswer(notification)) {
      if (!this.#requests.onAnswer(notification)) this.#emit(notification);
    } else if (notification.type === 'assocChange' && notification.state !== SCTP_COMM_UP) {
      this.#requests.fail(reconfigurationOver());
    }
  }

  onDismissed(error: Error | null): void {
    this.#requests.fail(error ?? socketClosed());
  }

  /** The kernel drops the notification of an end that comes after both sides have shut down. */
  onOver(): void {
    this.#requests.fail(reconfigurationOver());
  }

  #ask(request: Request): Promise<void> {
    this.#checkOpen();
    return this.#requests.ask(request);
  }

  /** What the peer has done on its own. */
  #emit(notification: Answer): void {
    if (notification.denied || notification.failed) return;
    if (notification.type === 'streamReset') {
      const { incoming, outgoing, streams } = notification;
      this.#host.owner.emit('streams-reset', {
        ...(incoming && { incoming: streams }),
        ...(outgoing && { outgoing: streams }),
      });
    } else if (notification.type === 'streamChange') {
      const { inboundStreams: incoming, outboundStreams: outgoing } = notification;
      this.#host.owner.emit('streams-added', { incoming, outgoing });
    } else {
      this.#host.owner.emit('association-reset');
    }
  }

  #subscribe(): void {
    if (this.#host.isClosed) return;
    const isWanted = this.#isAsking || isHeard(this.#host.owner, ...RECONFIGURATION_EVENTS);
    this.#host.subscriptions.set('reconfiguration', isWanted ? NOTIFICATIONS : []);
  }

  #checkOpen(): void {
    if (this.#host.isClosed) throw this.#host.owner.errored ?? socketClosed();
  }

  #count(direction: Direction): number {
    this.#checkOpen();
    // The kernel may know of an end that is yet to be read.
    if (this.#host.link.isGone()) throw reconfigurationOver();
    const { inStreams, outStreams } = optionOf(this.#host.link, 'status');
    return direction === 'incoming' ? inStreams : outStreams;
  }

  #checkStreams(direction: Direction, streams: readonly number[]): void {
    const count = this.#count(direction);
    const missing = streams.find((stream) => stream >= count);
    if (missing === undefined) return;
    throw outOfRange(`streams.${direction}`, `< ${String(count)}, the streams there are`, missing);
  }

  #checkSum(direction: Direction, more: number): void {
    const limit = UINT16 - this.#count(direction);
    if (more <= limit) return;
    throw outOfRange(`streams.${direction}`, `<= ${String(limit)}, for 65535 in all`, more);
  }
}

function isAnswer(notification: NativeNotification): notification is Answer {
  return ['streamReset', 'assocReset', 'streamChange'].includes(notification.type);
}
