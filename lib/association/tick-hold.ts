/** Holds back what is sent within one tick, so that it leaves together. */

/** Those of all associations that hold something. */
const holding = new Set<TickHold>();

let isWatchingExit = false;
/** The process ends: there is no end of the tick any more. */
let isExiting = false;

/**
 * Also before an association ends: its peer may be one of this process, whose messages were sent
 * before that, and could no longer leave. What goes wrong with one is none of the caller's, and
 * keeps none of the others.
 */
export function releaseAll(): void {
  if (holding.size === 0) return;
  const held = [...holding];
  holding.clear();
  for (const hold of held) {
    try {
      hold.release();
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

function watchExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  // First: what others send as the process ends follows what was sent before.
  process.prependListener('exit', () => {
    isExiting = true;
    releaseAll();
  });
}

export class TickHold {
  readonly #begin: (() => void) | undefined;
  readonly #end: () => void;
  #isHolding = false;

  /**
   * @param end what was held may leave
   * @param begin from now on it is held
   */
  constructor(end: () => void, begin?: () => void) {
    this.#end = end;
    this.#begin = begin;
    // Not only with the first that is held: an exit handler may send that.
    watchExit();
  }

  /** Whether something is held back. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** From now to the end of the tick; not at all while the process ends. */
  hold(): void {
    if (this.#isHolding || isExiting) return;
    this.#isHolding = true;
    if (holding.size === 0) process.nextTick(releaseAll);
    holding.add(this);
    this.#begin?.();
  }

  /** What is held leaves now. */
  release(): void {
    if (!this.#isHolding) return;
    this.drop();
    this.#end();
  }

  /** Nothing is held any longer. */
  drop(): void {
    this.#isHolding = false;
    holding.delete(this);
  }
}
