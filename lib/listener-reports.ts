/**
 * Emitters that know when an event has gained or lost listeners. (The event 'newListener' will not
 * do: removeAllListeners removes its listener too.)
 */
import type { EventEmitter } from 'node:events';

type Event = string | symbol;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;
type Method = (...args: unknown[]) => unknown;
type Own = Readonly<
  Record<'on' | 'prependListener' | 'removeListener' | 'removeAllListeners', Method>
>;

/**
 * Has the methods that add and remove listeners call `report` after each change.
 * @param prototype of the class, with its own methods, if it has some; `once` stands on these
 */
export function reportListeners<Emitter extends EventEmitter>(
  prototype: Emitter,
  report: (emitter: Emitter, event: Event) => void,
): void {
  const { on, prependListener, removeListener, removeAllListeners } = prototype as unknown as Own;
  const reporting = (method: Method) =>
    function (this: Emitter, event: Event, listener: Listener): Emitter {
      method.call(this, event, listener);
      report(this, event);
      return this;
    };
  const methods = {
    on: reporting(on),
    prependListener: reporting(prependListener),
    removeListener: reporting(removeListener),
    addListener(this: Emitter, event: Event, listener: Listener): Emitter {
      return this.on(event, listener);
    },
    off(this: Emitter, event: Event, listener: Listener): Emitter {
      return this.removeListener(event, listener);
    },
    removeAllListeners(this: Emitter, event?: Event): Emitter {
      const events = event === undefined ? this.eventNames() : [event];
      // How many arguments there are makes a difference to Node.
      removeAllListeners.apply(this, event === undefined ? [] : [event]);
      for (const name of events) report(this, name);
      return this;
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }
}
