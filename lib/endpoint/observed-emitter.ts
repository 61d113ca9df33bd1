/**
 * An EventEmitter that knows when an event has gained or lost listeners. (The event 'newListener'
 * will not do: removeAllListeners removes its listener too.)
 */
import { EventEmitter } from 'node:events';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

/** Is called with the event. */
export type ListenersObserver = (event: string | symbol) => void;

/** Sets who is called; users' subclasses cannot collide with it. */
export let observeListeners: (emitter: ObservedEmitter, observer: ListenersObserver) => void;

let onListeners: (emitter: ObservedEmitter, event: string | symbol) => void;

export class ObservedEmitter extends EventEmitter {
  #observer: ListenersObserver | undefined;

  static {
    observeListeners = (emitter, observer) => {
      emitter.#observer = observer;
    };
    onListeners = (emitter, event) => {
      emitter.#observer?.(event);
    };
  }

  override on(event: string | symbol, listener: Listener): this {
    super.on(event, listener);
    onListeners(this, event);
    return this;
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    super.prependListener(event, listener);
    onListeners(this, event);
    return this;
  }

  override removeListener(event: string | symbol, listener: Listener): this {
    super.removeListener(event, listener);
    onListeners(this, event);
    return this;
  }

  override off(event: string | symbol, listener: Listener): this {
    return this.removeListener(event, listener);
  }

  override removeAllListeners(event?: string | symbol): this {
    const events = event === undefined ? this.eventNames() : [event];
    if (event === undefined) super.removeAllListeners();
    else super.removeAllListeners(event);
    for (const name of events) onListeners(this, name);
    return this;
  }
}
