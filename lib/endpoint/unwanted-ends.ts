/**
 * Ends of associations that are still to be read, and that nobody wants to know of: what comes
 * before one belongs to that association, even if the kernel has given its id to another by now.
 */
import type { NativeNotification } from '../../types/native-values';
import { constants } from '../constants';

const { SCTP_COMM_UP, SCTP_RESTART } = constants;

export class UnwantedEnds {
  /** How many there are, by id. */
  readonly #counts = new Map<number, number>();

  expect(assocId: number): void {
    this.#counts.set(assocId, (this.#counts.get(assocId) ?? 0) + 1);
  }

  /** Whether messages with this id belong to an association that was given up. */
  has(assocId: number): boolean {
    return this.#counts.size > 0 && this.#counts.has(assocId);
  }

  /** Whether it belongs to an association that was given up. */
  take(notification: NativeNotification): boolean {
    const { assocId } = notification;
    const ends = this.#counts.get(assocId);
    if (ends === undefined) return false;
    if (!isEnd(notification)) return true;
    if (ends === 1) this.#counts.delete(assocId);
    else this.#counts.set(assocId, ends - 1);
    return true;
  }
}

/** Whether it is the end of an association. */
export function isEnd(notification: NativeNotification): boolean {
  if (notification.type !== 'assocChange') return false;
  return notification.state !== SCTP_COMM_UP && notification.state !== SCTP_RESTART;
}
