/** Adds to the stream of an association what RFC 6525 does to its streams. */
import type { NativeNotification } from '../../../types/native';
import type { AddedStreams, StreamLists } from '../../../types/socket';
import { binding } from '../../binding';
import {
  invalidArgType,
  invalidArgValue,
  outOfRange,
  reconfigurationOver,
  socketClosed,
} from '../../errors';
import { checkInteger, checkNames, checkObject, UINT16 } from '../../validate';
import * as hooks from '../hooks';
import { MultihomedStream } from './multihomed-stream';
import {
  addRequest,
  associationRequest,
  Reconfiguration,
  resetRequest,
} from '../association/reconfiguration';

const { SCTP_STREAM_RESET_EVENT, SCTP_ASSOC_RESET_EVENT, SCTP_STREAM_CHANGE_EVENT, SCTP_COMM_UP } =
  binding.constants;

const NOTIFICATIONS = [SCTP_STREAM_RESET_EVENT, SCTP_ASSOC_RESET_EVENT, SCTP_STREAM_CHANGE_EVENT];
const EVENTS: readonly (string | symbol)[] = [
  'streams-reset',
  'association-reset',
  'streams-added',
];

/** In the order in which both are asked for. */
const DIRECTIONS = ['outgoing', 'incoming'] as const;

type Answer = Extract<NativeNotification, { type: 'streamReset' | 'assocReset' | 'streamChange' }>;

export abstract class ReconfigurableStream extends MultihomedStream {
  #reconfiguration: Reconfiguration | undefined;
  #isAsking = false;

  /**
   * Lets the numbering of messages (`ssn`) begin anew (RFC 6525 §6.3.2): on outgoing streams at
   * once, on incoming ones by asking the peer for it. An empty list means every stream. It waits
   * for what has been written on these streams; write no more until it is done.
   *
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  async resetStreams(streams: StreamLists): Promise<void> {
    const wanted = checkDirections(streams, checkList);
    await this.#written();
    for (const { direction, value } of wanted) this.#checkThere(direction, value);
    for (const { direction, value } of wanted) {
      await this.#open().ask(resetRequest(direction, value));
    }
  }

  /**
   * Adds streams (RFC 6525 §6.3.4): outgoing ones, and incoming ones by asking the peer for them.
   *
   * @param streams how many more
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  async addStreams(streams: AddedStreams): Promise<void> {
    const wanted = checkDirections(streams, checkCount);
    await this.#written();
    for (const { direction, value } of wanted) this.#checkSum(direction, value);
    for (const { direction, value } of wanted) {
      await this.#open().ask(addRequest(direction, value));
    }
  }

  /**
   * Lets the numbering begin anew on all streams of both sides, and that of packets too (RFC 6525
   * §6.3.3), as soon as everything sent is acknowledged. Write no more until it is done.
   *
   * @returns settled by the peer's answer, or by the end of the association
   * @throws ERR_SCTP_RECONFIGURATION if it is not possible, or the peer does not agree
   */
  async resetAssociation(): Promise<void> {
    await this.#written();
    await this.#open().ask(associationRequest);
  }

  protected override [hooks.onSettled](): void {
    this.#subscribe();
    super[hooks.onSettled]();
  }

  protected override [hooks.onListeners](event: string | symbol): void {
    super[hooks.onListeners](event);
    if (EVENTS.includes(event)) this.#subscribe();
  }

  protected override [hooks.onNotification](notification: NativeNotification): void {
    try {
      super[hooks.onNotification](notification);
    } finally {
      // Whatever a listener throws, who has asked is told.
      if (isAnswer(notification)) {
        if (!this.#reconfiguration?.onAnswer(notification)) this.#tell(notification);
      } else if (notification.type === 'assocChange' && notification.state !== SCTP_COMM_UP) {
        this.#reconfiguration?.fail(reconfigurationOver());
      }
    }
  }

  /** The kernel drops the notification of an end that comes after both sides have shut down. */
  protected override [hooks.onGone](errno: number): void {
    this.#reconfiguration?.fail(reconfigurationOver());
    super[hooks.onGone](errno);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#reconfiguration?.fail(error ?? socketClosed());
    this.#reconfiguration = undefined; // another association would need another
    super._destroy(error, callback);
  }

  /** What the peer has done by itself. */
  #tell(notification: Answer): void {
    if (notification.denied || notification.failed) return;
    if (notification.type === 'streamReset') {
      const { incoming, outgoing, streams } = notification;
      const lists = {
        ...(incoming && { incoming: streams }),
        ...(outgoing && { outgoing: streams }),
      };
      this.emit('streams-reset', lists);
    } else if (notification.type === 'streamChange') {
      const { inboundStreams: incoming, outboundStreams: outgoing } = notification;
      this.emit('streams-added', { incoming, outgoing });
    } else {
      this.emit('association-reset');
    }
  }

  #subscribe(): void {
    const isWanted = this.#isAsking || EVENTS.some((event) => this.listenerCount(event) > 0);
    this[hooks.subscriptions]?.set('reconfiguration', isWanted ? NOTIFICATIONS : []);
  }

  /** Waits until the kernel has what was written so far. */
  async #written(): Promise<void> {
    if (this.destroyed || !this[hooks.isBegun]) throw socketClosed();
    if (this.writableEnded) throw reconfigurationOver();
    await new Promise<void>((resolve, reject) => {
      this.write('', (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #open(): Reconfiguration {
    const transport = this[hooks.transport];
    if (!transport || transport.isClosed) throw this.errored ?? socketClosed();
    return (this.#reconfiguration ??= new Reconfiguration(transport.native, (busy) => {
      this.#isAsking = busy;
      this.#subscribe();
    }));
  }

  #count(direction: Direction): number {
    this.#open().checkNotOver();
    const { inStreams, outStreams } = this.getOption('status');
    return direction === 'incoming' ? inStreams : outStreams;
  }

  #checkThere(direction: Direction, streams: readonly number[]): void {
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

type Direction = (typeof DIRECTIONS)[number];

function isAnswer(notification: NativeNotification): notification is Answer {
  return ['streamReset', 'assocReset', 'streamChange'].includes(notification.type);
}

/** What is wanted of each direction that is given. */
function checkDirections<Value>(
  streams: unknown,
  check: (name: string, value: unknown) => Value,
): { direction: Direction; value: Value }[] {
  const given = { ...checkObject('streams', streams) };
  checkNames('streams', given, DIRECTIONS);
  const wanted = DIRECTIONS.filter((direction) => given[direction] !== undefined);
  if (wanted.length === 0) {
    throw invalidArgValue('streams', streams, 'must have outgoing, incoming, or both');
  }
  return wanted.map((direction) => ({
    direction,
    value: check(`streams.${direction}`, given[direction]),
  }));
}

function checkList(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an instance of Array', value);
  const given = value as unknown[];
  const twice = 'has a stream twice';
  if (given.length > UINT16 + 1) throw invalidArgValue(name, value, twice);
  // Unlike map() it sees holes.
  const sids = Array.from(given, (sid, i) => checkInteger(`${name}[${String(i)}]`, sid, 0, UINT16));
  if (new Set(sids).size < sids.length) throw invalidArgValue(name, value, twice);
  return sids;
}

function checkCount(name: string, value: unknown): number {
  return checkInteger(name, value, 1, UINT16);
}
