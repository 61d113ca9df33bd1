/**
 * Shares the kernel's send buffer of one descriptor among its associations, so that none can stop
 * the others: each may hold a part of it. Those that make no progress may together hold half of it;
 * beyond that they have to leave, one by one.
 */
import type { Window } from './window';

/** How often to look for associations that make no progress, while much of the buffer is held. */
const POLL_MS = 100;
/** After which an association that was not heard of counts as one of those. */
const IDLE_MS = 200;
/** No association is left with less than this part of the buffer. */
const SMALLEST_PART = 16;

/** An association, as this sees it. */
export interface Holder {
  readonly window: Window;
  /** It waits for room: there may be some. */
  onRoom(): void;
  /** Asks the kernel to report when everything was acknowledged, also if it is already. */
  askWhenDry(): void;
  /** Moves to a descriptor of its own. @returns whether it could */
  leave(): boolean;
}

export interface SendBufferHost {
  /** In bytes, as the kernel counts. */
  readonly size: number;
  /** Starts or stops waiting for "writable". */
  watchWritable(on: boolean): void;
  /** Reads what has come meanwhile, or a part: what waits must not reach another association. */
  catchUp(): void;
}

export class SendBuffer {
  readonly #host: SendBufferHost;
  /** Those with something in the kernel. */
  readonly #holders = new Set<Holder>();
  /** Those that wait for room, in the order of their turns. */
  readonly #waiting = new Set<Holder>();
  #held = 0;
  /** The kernel had no room, and has not called the descriptor writable since. */
  #isFull = false;
  /** It has called it writable, and took nothing: it would say so again and again. */
  #isMistaken = false;
  #poll: NodeJS.Timeout | undefined;

  constructor(host: SendBufferHost) {
    this.#host = host;
  }

  /** Whether an association may hand over another message. @param more that it is about to */
  hasRoom({ window }: Holder, more = 0): boolean {
    const bytes = window.bytes + more;
    return bytes === 0 || bytes < this.#part();
  }

  /** Whether none may follow this message until the peer has acknowledged what the kernel has. */
  fills({ window }: Holder, charge: number): boolean {
    return window.bytes + charge >= this.#part();
  }

  /** The kernel has taken messages. */
  onSent(holder: Holder, charge: number): void {
    holder.window.add(charge, now());
    this.#held += charge;
    this.#holders.add(holder);
    this.#isMistaken = false;
    if (this.#held > this.#host.size / 2) this.#watchProgress();
  }

  /** The kernel had no room for a message. */
  onFull(): void {
    this.#isFull = true;
    this.#watchProgress();
    if (!this.#isMistaken) this.#host.watchWritable(true);
  }

  /** The kernel has called the descriptor writable. */
  onWritable(): void {
    this.#isFull = false;
    this.#isMistaken = true;
    this.#host.watchWritable(false);
    this.#serve();
  }

  /** Everything that the kernel had of an association was acknowledged, or is lost. */
  clear(holder: Holder): void {
    this.#forget(holder);
  }

  /** Gives a turn to one that waits. */
  serve(holder: Holder): void {
    if (this.#waiting.has(holder) && !this.#isFull) this.#serveOne(holder);
  }

  /** From now on `holder` waits for room. */
  wait(holder: Holder): void {
    this.#waiting.add(holder);
    if (!this.hasRoom(holder)) holder.askWhenDry();
    else if (!this.#isFull) this.onFull(); // "writable" comes at once if there is room
    this.#watchProgress();
  }

  endWait(holder: Holder): void {
    this.#waiting.delete(holder);
  }

  /** An association is over, or has a descriptor of its own. */
  remove(holder: Holder): void {
    this.#forget(holder);
    this.#waiting.delete(holder);
  }

  close(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  /** How much of the buffer each of those that use it may hold. */
  #part(): number {
    const { size } = this.#host;
    const users = Math.max(1, this.#holders.size);
    return Math.max(size / SMALLEST_PART, size / (2 * users));
  }

  #forget(holder: Holder): void {
    this.#held -= holder.window.clear();
    this.#holders.delete(holder);
  }

  /** Gives everybody who waits a turn, those that had none for longest first. */
  #serve(): void {
    for (const holder of [...this.#waiting]) {
      if (this.#isFull) return;
      if (this.hasRoom(holder)) this.#serveOne(holder);
    }
  }

  #serveOne(holder: Holder): void {
    // To the end of the queue.
    if (this.#waiting.delete(holder)) this.#waiting.add(holder);
    holder.onRoom();
  }

  #watchProgress(): void {
    // It is the endpoint that keeps the process alive.
    this.#poll ??= setInterval(() => {
      this.#onLook();
    }, POLL_MS).unref();
  }

  #onLook(): void {
    this.#host.catchUp();
    this.#isMistaken = false;
    if (this.#isFull) this.#host.watchWritable(true);
    const idle = [...this.#holders].filter(({ window }) => window.idleTime(now()) >= IDLE_MS);
    for (const holder of idle) holder.askWhenDry();
    this.#makeRoom(idle);
    // Parts may have grown.
    if (!this.#isFull) this.#serve();
    const isQuiet = this.#waiting.size === 0 && this.#held <= this.#host.size / 2;
    if (isQuiet) this.close();
  }

  /** Those that make no progress leave, largest first, until they hold no more than they may. */
  #makeRoom(idle: Holder[]): void {
    // Asked at the last poll at the latest, they would have answered.
    const stuck = idle.filter(({ window }) => window.idleTime(now()) >= IDLE_MS + POLL_MS);
    stuck.sort((one, other) => other.window.bytes - one.window.bytes);
    let held = stuck.reduce((sum, { window }) => sum + window.bytes, 0);
    const limit = this.#isFull ? 0 : this.#host.size / 2;
    for (const holder of stuck) {
      if (held <= limit) return;
      const { bytes } = holder.window;
      if (!holder.leave()) return;
      held -= bytes;
    }
  }
}

/** The time of a clock that nobody sets, in ms. */
function now(): number {
  return performance.now();
}
