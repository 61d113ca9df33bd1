/** A listening socket: hands over what it accepts, and survives what goes wrong meanwhile. */
import type { NativeStreamSocket } from '../../types/native';

/**
 * How long to let the waiting associations wait when the process has no descriptor or memory for
 * another: the poll would tell of them all the time.
 */
const PAUSE_MS = 100;

export interface ListenerEvents {
  onAccept(native: NativeStreamSocket): void;
  /** Accepting has begun to fail; `errno` is negative. */
  onFailure(errno: number): void;
}

export class Listener {
  readonly native: NativeStreamSocket;
  #pause: NodeJS.Timeout | undefined;
  #isFailing = false;
  #isReferenced = true;

  constructor(native: NativeStreamSocket, events: ListenerEvents) {
    this.native = native;
    native.onAccept = (accepted): void => {
      this.#isFailing = false;
      events.onAccept(accepted);
    };
    native.onAcceptError = (errno): void => {
      this.#rest();
      if (this.#isFailing) return; // said already
      this.#isFailing = true;
      events.onFailure(errno);
    };
    native.watch(true, false);
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
    this.native.close();
  }

  #rest(): void {
    this.native.watch(false, false);
    this.#pause = setTimeout(() => {
      this.native.watch(true, false);
    }, PAUSE_MS);
    if (!this.#isReferenced) this.#pause.unref();
  }
}
