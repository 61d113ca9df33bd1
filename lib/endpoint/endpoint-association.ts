/**
 * One association on an endpoint, as users see it. What it offers is listed here; `AssociationCore`
 * joins the parts that do it.
 */
import { inspect } from 'node:util';

import type { AssociationMembers } from '../../types/association';
import type { EndpointSendInfo, WriteCallback } from '../../types/messages';
import type { OptionValues } from '../../types/options';
import { addAssociationMembers } from '../association/members';
import type { Socket } from '../socket/socket';
import { checkFunction } from '../validate';
import { abortReason } from './abort-reason';
import type { AssociationCore } from './association-core';
import { AssociationEmitter } from './emitters';
import { observeListeners } from './observed-emitter';
import { peelOff } from './peel-off';

/** With its core. */
export type Core = AssociationCore<EndpointAssociation>;

/** Its core, for endpoints alone. */
export let coreOf: (association: EndpointAssociation) => AssociationCore;

/** What an endpoint makes one of. */
export interface EndpointAssociationSource {
  core: AssociationCore;
  captureRejections: boolean;
}

// What every association offers.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- see the end of the file
export interface EndpointAssociation extends AssociationMembers {}

/** One peer of an Endpoint: from its event 'association', or its `connect`. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see the end of the file
export class EndpointAssociation extends AssociationEmitter {
  readonly #core: AssociationCore;

  static {
    coreOf = (association) => association.#core;
  }

  /** @internal */
  constructor({ core, captureRejections }: EndpointAssociationSource) {
    super({ captureRejections });
    this.#core = core;
    observeListeners(this, (event) => {
      core.onListeners(event);
    });
  }

  /** The kernel's number of it: unique among those of this machine that are not over. */
  get id(): number {
    return this.#core.link.assocId;
  }

  /** Whether the peer has begun it. */
  get inbound(): boolean {
    return this.#core.isInbound;
  }

  /** Whether `send` takes messages. */
  get writable(): boolean {
    return this.#core.sends.canSend;
  }

  /** Whether it is over. */
  get closed(): boolean {
    return this.#core.isSettled;
  }

  /** Bytes of messages that wait for the end of the tick, or for room in the kernel. */
  get bufferedAmount(): number {
    return this.#core.outgoing.bytes;
  }

  /** Bytes of received messages that wait for a listener, with what keeping them costs. */
  get readAheadBytes(): number {
    return this.#core.delivery.bytes;
  }

  /**
   * Sends one message. Boundaries are kept, however long it is.
   *
   * @param data at least one byte; not copied: it must not be changed until the callback
   * @param info what is left out follows the endpoint's defaults. (The kernel ignores `address` once
   *   the association has a descriptor of its own.) With `eof` it is the last message, with `abort`
   *   the reason of an ABORT.
   * @param callback the kernel has accepted the message, or it cannot be sent
   * @returns false if the caller should wait for 'drain'
   * @throws TypeError, RangeError with Node's codes for bad arguments, among them a stream that was
   *   not negotiated
   * @throws ERR_SCTP_SEND_BUFFER_FULL beyond `sendBufferLimit`; nothing was taken
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   * @throws EPIPE after the peer has shut down; ERR_SCTP_ASSOCIATION_ENDING after `shutdown`;
   *   ERR_SCTP_ASSOCIATION_OVER, ERR_SCTP_PEELED_OFF afterwards
   */
  send(data: ArrayBufferView, info?: EndpointSendInfo, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
  send(data: ArrayBufferView, second?: unknown, third?: unknown): boolean {
    const [info, callback] =
      typeof second === 'function' ? [undefined, second] : [second, third ?? undefined];
    if (callback !== undefined) checkFunction('callback', callback);
    return this.#core.sends.send(data, info, callback as WriteCallback | undefined);
  }

  /** Stops handing over messages. Beyond `highWaterMark` the kernel holds the peer back. */
  pause(): this {
    this.#core.delivery.setPaused(true);
    return this;
  }

  /** Hands over messages again. */
  resume(): this {
    this.#core.delivery.setPaused(false);
    return this;
  }

  /** Whether `pause` was called, and `resume` not. */
  isPaused(): boolean {
    return this.#core.delivery.isPaused;
  }

  /** Counters (RFC 6458's SCTP_GET_ASSOC_STATS of Linux). */
  stats(): OptionValues['assocStats'] {
    return this.#core.openAssociation.options.get('assocStats');
  }

  /**
   * Sends everything that waits, and ends the association in order.
   * @returns resolved when it is over; rejected if messages were lost
   */
  shutdown(): Promise<void> {
    const done = this.#core.shutdown();
    done.catch(() => undefined); // 'close' reports it as well
    return done;
  }

  /**
   * Ends the association at once, with an ABORT.
   * @param reason for the peer, whose 'close' has it
   */
  abort(reason?: string | ArrayBufferView): void {
    this.#core.abort(abortReason(reason));
  }

  /**
   * Moves the association to a Socket of its own, with what waits to be sent and to be read.
   * Nothing of it comes here any more but 'close'. Listeners are not moved.
   *
   * @throws ERR_SCTP_PEELED_OFF the second time; ERR_SCTP_ASSOCIATION_ENDING after `shutdown`, here
   *   or by the peer; ERR_SCTP_ASSOCIATION_OVER; system errors
   */
  peelOff(): Socket {
    return peelOff(this.#core);
  }

  [inspect.custom](): string {
    const { remoteAddress: address, remotePort: port, id } = this;
    const state = this.closed ? ' over' : '';
    return `EndpointAssociation { ${String(id)}, ${String(address)}:${String(port)}${state} }`;
  }
}

addAssociationMembers(EndpointAssociation.prototype, coreOf);
