/** Emits 'timeout' when nothing has happened for a while: `setTimeout` of a socket. */
import type { Duplex } from 'node:stream';

export class IdleTimer {
  readonly #socket: Duplex;
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds, 0 if there is no longer one; what programs see, who may set it. */
  timeout: number | undefined;
  /** How long it waits. */
  #duration: number | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** It does not keep the process alive. */
  set(timeout: number): void {
    clearTimeout(this.#timer);
    this.timeout = timeout;
    this.#duration = timeout;
    this.#timer =
      timeout === 0 ? undefined : setTimeout(emitTimeout, timeout, this.#socket).unref();
  }

  refresh(): void {
    this.#timer?.refresh();
  }

  /** Until it is set again, or a connection is started. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Counts from now, also after it was stopped. */
  start(): void {
    if (this.#duration !== undefined) this.set(this.#duration);
  }
}

function emitTimeout(socket: Duplex): void {
  socket.emit('timeout');
}
