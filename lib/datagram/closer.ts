/** Closes a handle's socket once nothing would be lost, or after a time-out. */
import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { binding } from '../binding';
import type { DatagramSender } from './sender';

const { SCTP_COMM_UP, SCTP_RESTART } = binding.constants;

const TIMEOUT_MS = 30_000;
/** Between attempts to list associations while the kernel refuses. */
const RETRY_MS = 10;

export class Closer {
  readonly #socket: NativeSeqpacketSocket;
  readonly #sender: DatagramSender;
  readonly #established = new Set<number>();
  #state: 'open' | 'closing' | 'closed' = 'open';
  #deadline: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #troubles: string[] = [];

  constructor(socket: NativeSeqpacketSocket, sender: DatagramSender) {
    this.#socket = socket;
    this.#sender = sender;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Follows which associations are up: an ordered close is possible for those only. */
  onNotification(notification: NativeNotification): void {
    if (notification.type !== 'assocChange') return;
    if (notification.state === SCTP_COMM_UP || notification.state === SCTP_RESTART) {
      this.#established.add(notification.assocId);
    } else {
      this.#established.delete(notification.assocId);
    }
    this.settle();
  }

  /** The handle is closed: this can only become a process warning. */
  onTrouble(text: string): void {
    this.#troubles.push(text);
  }

  begin(): void {
    this.#state = 'closing';
    this.settle();
    if (this.closed) return;
    this.#socket.listen(0); // no new associations
    this.#deadline = setTimeout(() => {
      const seconds = String(TIMEOUT_MS / 1000);
      const waiting = String(this.#sender.waiting);
      const starting = String(this.#starting() ?? 'an unknown number of');
      this.onTrouble(
        `closed after ${seconds} s, with ${waiting} messages not yet sent and ` +
          `${starting} associations not yet set up`,
      );
      this.#close();
    }, TIMEOUT_MS).unref();
  }

  /** To be called whenever something may have been the last thing to wait for. */
  settle(): void {
    if (this.#state !== 'closing') return;
    if (this.#sender.waiting > 0) return;
    const starting = this.#starting();
    if (starting === 0) {
      this.#close();
    } else if (starting === undefined) {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => {
        this.settle();
      }, RETRY_MS).unref();
    }
  }

  /**
   * The kernel silently drops an association that is not up yet when its socket closes.
   * @returns how many there are, if the kernel can list them now
   */
  #starting(): number | undefined {
    const ids = this.#socket.associationIds();
    if (typeof ids === 'number') return undefined;
    return ids.filter((id) => !this.#established.has(id)).length;
  }

  #close(): void {
    this.#state = 'closed';
    clearTimeout(this.#deadline);
    clearTimeout(this.#retry);
    this.#sender.stop();
    this.#socket.close();
    const count = this.#troubles.length;
    if (count === 0) return;
    const others = count > 1 ? ` (the last of ${String(count)} troubles)` : '';
    const message = `after close(): ${String(this.#troubles.at(-1))}${others}`;
    process.emitWarning(message, { type: 'SctpWarning', code: 'SCTP_LOST_AFTER_CLOSE' });
  }
}
