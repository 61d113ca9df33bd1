/** A listening socket: accepts associations, and survives failures to accept. */
import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { SctpOptions } from '../../types/options';
import { listed } from '../association/link';
import { systemError } from '../errors';
import { reappliedOf, reapplyOptions } from '../options/apply-options';

/**
 * How long to pause when the process has no descriptor or memory for another association: the poll
 * would report the waiting ones continuously.
 */
const PAUSE_MS = 100;

export interface ListenerEvents {
  /** @param peer where its association was set up from */
  onAccept(native: NativeStreamSocket, peer: Address | undefined): void;
  /** Accepting has begun to fail, or an association had to be aborted. */
  onFailure(error: Error): void;
}

export class Listener {
  readonly native: NativeStreamSocket;
  #pause: NodeJS.Timeout | undefined;
  /** Associations that were accepted wait to be handed over. */
  #rest: NodeJS.Immediate | undefined;
  #isFailing = false;
  #isReferenced = true;

  /** @param sctp what `native` was opened with */
  constructor(native: NativeStreamSocket, sctp: SctpOptions, events: ListenerEvents) {
    this.native = native;
    const lost = reappliedOf(sctp);
    native.onAccept = (accepted, peer): void => {
      this.#isFailing = false;
      try {
        if (lost) reapplyOptions(accepted, lost);
      } catch (error) {
        accepted.abort(0);
        events.onFailure(error as Error);
        return;
      }
      events.onAccept(accepted, peer);
    };
    native.onAcceptError = (errno): void => {
      this.#pauseAccepting();
      if (this.#isFailing) return; // reported already
      this.#isFailing = true;
      events.onFailure(systemError('accept', errno, {}, 'peers wait; accepting is tried again'));
    };
    native.onAcceptRest = (): void => {
      this.#rest ??= setImmediate(() => {
        this.#rest = undefined;
        native.receive();
      });
    };
    native.watch(true, false);
  }

  /** Every address that it listens on, with wildcards expanded. */
  localAddresses(): Address[] {
    return listed(this.native.boundAddresses());
  }

  ref(): void {
    this.#isReferenced = true;
    this.native.ref();
    this.#pause?.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.native.unref();
    this.#pause?.unref();
  }

  close(): void {
    clearTimeout(this.#pause);
    clearImmediate(this.#rest);
    this.native.close();
  }

  #pauseAccepting(): void {
    this.native.watch(false, false);
    this.#pause = setTimeout(() => {
      this.native.watch(true, false);
    }, PAUSE_MS);
    if (!this.#isReferenced) this.#pause.unref();
  }
}
