/** Keeps the number of a handle's associations within `maxAssociations`. */
import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { binding } from '../binding';

const { SCTP_COMM_UP, SCTP_RESTART } = binding.constants;
/** Goes to the peer. */
const REASON = Buffer.from('too many associations');

export class Crowd {
  readonly #socket: Pick<NativeSeqpacketSocket, 'abort'>;
  readonly #limit: number;
  readonly #admitted = new Set<number>();
  /** Aborted, but the kernel may have messages of theirs. */
  readonly #refused = new Set<number>();

  constructor(socket: Pick<NativeSeqpacketSocket, 'abort'>, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  isRefused(assocId: number): boolean {
    return this.#refused.size > 0 && this.#refused.has(assocId);
  }

  /** @returns whether this is the beginning of an association that was refused */
  onNotification(notification: NativeNotification): boolean {
    if (notification.type !== 'assocChange') return false;
    const { assocId, state } = notification;
    if (state === SCTP_RESTART) return false;
    if (state !== SCTP_COMM_UP) {
      this.#admitted.delete(assocId);
      this.#refused.delete(assocId);
      return false;
    }
    if (this.#admitted.size < this.#limit) {
      this.#admitted.add(assocId);
      return false;
    }
    this.#refused.add(assocId);
    this.#socket.abort(assocId, REASON);
    return true;
  }
}
