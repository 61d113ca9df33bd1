/** An EventEmitter whose owner learns when an event has gained or lost listeners. */
import { EventEmitter } from 'node:events';

import { reportListeners } from '../listener-reports';

/** Is called with the event. */
export type ListenersObserver = (event: string | symbol) => void;

/** Sets who is called; users' subclasses cannot collide with it. */
export let observeListeners: (emitter: ObservedEmitter, observer: ListenersObserver) => void;

export class ObservedEmitter extends EventEmitter {
  #observer: ListenersObserver | undefined;

  static {
    observeListeners = (emitter, observer) => {
      emitter.#observer = observer;
    };
    reportListeners<ObservedEmitter>(this.prototype, (emitter, event) => {
      // Old-style subclasses may listen before our constructor has run.
      if (#observer in emitter) emitter.#observer?.(event);
    });
  }
}
