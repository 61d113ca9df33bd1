/**
 * The patience of an association with a peer that answers, and takes nothing. The kernel sends such
 * a peer everything that is under way, and a heartbeat, each RTO: the answer to the heartbeat sets
 * RTO back to its minimum, time and again. With many of their kind the others would pay for that.
 * So RTO.min is longer while nothing moves; whether a peer is dead is found out as soon as ever.
 */
import type { NativeSeqpacketSocket } from '../../types/native';

/** After so many ms in which the kernel had no room for more. */
const BEGIN_MS = 400;
/** RTO.min then, in ms; no more than RTO.max. */
const PATIENT_RTO_MIN = 5000;

export class Patience {
  readonly #native: NativeSeqpacketSocket;
  readonly #assocId: number;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #isStopped = false;
  /** RTO.min as it was, and has become. */
  #rtoMin: { before: number; now: number } | undefined;

  /** @param native the association's own */
  constructor(native: NativeSeqpacketSocket, assocId: number) {
    this.#native = native;
    this.#assocId = assocId;
  }

  /** Something waits for room in the kernel, or no longer does. */
  onWaiting(on: boolean): void {
    if (on === this.#isWaiting || this.#isStopped) return;
    this.#isWaiting = on;
    if (on) this.#beginLater();
    else this.#end();
  }

  /** The peer has taken something. */
  onProgress(): void {
    if (this.#isStopped) return;
    this.#end();
    if (this.#isWaiting) this.#beginLater();
  }

  /** From here on it is left to its user. */
  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  close(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #end(): void {
    clearTimeout(this.#timer);
    // Unless the user has chosen another meanwhile.
    if (this.#rtoMin && this.#rto().min === this.#rtoMin.now) this.#set(this.#rtoMin.before);
    this.#rtoMin = undefined;
  }

  #beginLater(): void {
    this.#timer = setTimeout(() => {
      this.#begin();
    }, BEGIN_MS).unref();
  }

  #begin(): void {
    const { min, max } = this.#rto();
    const longer = Math.min(PATIENT_RTO_MIN, max);
    if (longer > min && this.#set(longer) >= 0) this.#rtoMin = { before: min, now: longer };
  }

  #rto(): { min: number; max: number } {
    const values = this.#native.getOption('rtoInfo', { assocId: this.#assocId });
    if (typeof values === 'number') return { min: 0, max: 0 }; // it is over
    return values as { min: number; max: number };
  }

  /** What is 0 stays as it is. */
  #set(min: number): number {
    const values = { assocId: this.#assocId, initial: 0, max: 0, min };
    return this.#native.setOption('rtoInfo', values);
  }
}
