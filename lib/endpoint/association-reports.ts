/** What becomes of an endpoint's association, as its parts report what has happened to it. */
import type { StallInfo } from '../../types/association';
import type { AssociationEndReason } from '../../types/endpoint';
import type { ReceivedInfo } from '../../types/messages';
import type { Association } from '../association/association';
import type { OwnerCalls } from '../association/owner';
import { constants } from '../constants';
import {
  associationOver,
  closeTimeout,
  noRoomToReceive,
  receivedTooLarge,
  stalled,
  systemError,
  writeAfterPeerEnded,
} from '../errors';
import type { EndpointConfig } from './config';
import type { Delivery } from './delivery';
import type { AssociationEmitter } from './emitters';
import type { EndpointLink } from './endpoint-link';
import type { OutgoingMessages } from './outgoing';

const { SCTP_ESTABLISHED } = constants;

/** What this needs of the association's core. */
export interface ReportsHost {
  readonly config: EndpointConfig;
  readonly user: AssociationEmitter;
  readonly link: EndpointLink;
  readonly association: Association;
  readonly delivery: Delivery;
  readonly outgoing: OutgoingMessages;
  /** Whether it has ended for users. */
  readonly isSettled: boolean;
  onUp(): void;
  /** It could not be set up; `errno` is negative. */
  onRefused(errno: number): void;
  /** Ends it at once. @param reason for the peer */
  abort(reason?: Uint8Array, error?: Error): void;
  /** It has ended. @param failure of what was not done. @param error for users */
  settle(reason: AssociationEndReason, failure: Error, error?: Error): void;
}

export class AssociationReports implements OwnerCalls {
  readonly #core: ReportsHost;

  constructor(core: ReportsHost) {
    this.#core = core;
  }

  get user(): AssociationEmitter {
    return this.#core.user;
  }

  onUp(): void {
    this.#core.onUp();
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    this.#core.delivery.onMessage(data, info);
  }

  onTooLarge(length: number): void {
    const { maxMessageSize, maxUnfinishedBytes } = this.#core.config;
    if (length > maxMessageSize) {
      this.#core.abort(Buffer.from('message too long'), receivedTooLarge(maxMessageSize));
    } else {
      const error = noRoomToReceive(maxUnfinishedBytes);
      this.#core.abort(Buffer.from('no room for the message'), error);
    }
  }

  onBatchEnd(): void {
    this.#core.delivery.limitReading();
  }

  onWritable(): void {
    this.#core.outgoing.flush();
  }

  onPeerEnded(): void {
    const { outgoing, delivery, user, isSettled } = this.#core;
    outgoing.fail(writeAfterPeerEnded('send'));
    if (!isSettled) delivery.afterReading(() => user.emit('end'));
  }

  onRestart(error: Error): boolean {
    return this.#core.outgoing.failWaiting(error);
  }

  onSilentLoss(error: Error): void {
    this.#core.abort(Buffer.from('messages were lost in a restart'), error);
  }

  onStalled({ duration, unacknowledgedBytes }: StallInfo): void {
    const error = stalled(duration, unacknowledgedBytes);
    this.#core.abort(Buffer.from('nothing is acknowledged any longer'), error);
  }

  onStuck(): void {
    const error = closeTimeout(this.#core.config.closeTimeout);
    this.#core.abort(Buffer.from('no progress while shutting down'), error);
  }

  onOver(errno: number): void {
    const { association, isSettled } = this.#core;
    if (isSettled) return;
    if (!association.wasUp) {
      this.#core.onRefused(errno);
    } else if (errno === 0) {
      this.#core.settle('shutdown', associationOver('was shut down'));
    } else {
      const error = association.lossError(errno);
      this.#core.settle(association.causes.length > 0 ? 'aborted' : 'lost', error, error);
    }
  }

  /** The kernel no longer takes messages; `errno` is negative. */
  onBroken(errno: number): void {
    const { association, link } = this.#core;
    association.investigate(errno, () => {
      // It is over, or ends, as is about to be read: after what the peer has sent before.
      if (!link.isPeeledOff && !this.#isEstablished()) return;
      this.#core.abort(undefined, systemError('send', errno));
    });
  }

  #isEstablished(): boolean {
    const status = this.#core.link.getOption('status', {});
    return typeof status !== 'number' && status['state'] === SCTP_ESTABLISHED;
  }
}
