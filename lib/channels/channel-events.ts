/** EventTarget, handler attributes and Node's `on` for one object. */
import { EventEmitter } from 'node:events';

import { guarded } from '../guarded';

type AnyListener = (...args: unknown[]) => void;
type Handler = ((event: Event) => unknown) | null;

/** Listeners by `addEventListener` get an Event; listeners by `on` get what it carries. */
export class ChannelEvents<Events extends Record<keyof Events, unknown[]>> extends EventTarget {
  readonly #emitter = new EventEmitter();
  readonly #handlers = new Map<string, { handler: Handler; listener: (event: Event) => void }>();
  /** Types that somebody has ever listened for by `addEventListener`. */
  readonly #targeted = new Set<string>();

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.#targeted.add(args[0]);
    super.addEventListener(...args);
  }

  /** Adds a listener that gets what the event carries rather than an Event. */
  on<Name extends keyof Events & string>(
    event: Name,
    listener: (...args: Events[Name]) => void,
  ): this {
    this.#emitter.on(event, listener as AnyListener);
    return this;
  }

  /** As `on`, for one event. */
  once<Name extends keyof Events & string>(
    event: Name,
    listener: (...args: Events[Name]) => void,
  ): this {
    this.#emitter.once(event, listener as AnyListener);
    return this;
  }

  /** Removes a listener that `on` or `once` has added. */
  off<Name extends keyof Events & string>(
    event: Name,
    listener: (...args: Events[Name]) => void,
  ): this {
    this.#emitter.off(event, listener as AnyListener);
    return this;
  }

  addListener<Name extends keyof Events & string>(
    event: Name,
    listener: (...args: Events[Name]) => void,
  ): this {
    return this.on(event, listener);
  }

  removeListener<Name extends keyof Events & string>(
    event: Name,
    listener: (...args: Events[Name]) => void,
  ): this {
    return this.off(event, listener);
  }

  /** @returns how many listeners `on` and `once` have added */
  listenerCount(event: keyof Events & string): number {
    return this.#emitter.listenerCount(event);
  }

  /** @internal */
  protected handlerOf(type: string): Handler {
    return this.#handlers.get(type)?.handler ?? null;
  }

  /**
   * As the W3C has handler attributes: the place among the listeners stays, also when another is set.
   * @internal
   */
  protected setHandler(type: string, handler: unknown): void {
    const known = this.#handlers.get(type);
    if (typeof handler !== 'function') {
      if (known) this.removeEventListener(type, known.listener);
      this.#handlers.delete(type);
    } else if (known) {
      known.handler = handler as Handler;
    } else {
      const entry = {
        handler: handler as Handler,
        listener: (event: Event): unknown => entry.handler?.call(this, event),
      };
      this.#handlers.set(type, entry);
      this.addEventListener(type, entry.listener);
    }
  }

  /** @param event made only if somebody listens for it @internal */
  protected fire(type: string, event: () => Event, ...args: unknown[]): void {
    if (this.#emitter.listenerCount(type) > 0) {
      guarded(() => this.#emitter.emit(type, ...args));
    }
    if (this.#targeted.has(type)) this.dispatchEvent(event());
  }
}
