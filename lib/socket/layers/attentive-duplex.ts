/**
 * A Duplex that knows when its events gain and lose listeners. ('newListener' cannot tell: that is
 * gone with removeAllListeners.)
 */
import { Duplex } from 'node:stream';

import { extensible } from '../../callable';
import * as hooks from '../hooks';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

// Its own constructor is kept out of the way of objects that inherit in the old style.
export abstract class AttentiveDuplex extends extensible(Duplex) {
  override on(event: string | symbol, listener: Listener): this {
    super.on(event, listener);
    this[hooks.onListeners](event);
    return this;
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    super.prependListener(event, listener);
    this[hooks.onListeners](event);
    return this;
  }

  override removeListener(event: string | symbol, listener: Listener): this {
    super.removeListener(event, listener);
    this[hooks.onListeners](event);
    return this;
  }

  override off(event: string | symbol, listener: Listener): this {
    return this.removeListener(event, listener);
  }

  override removeAllListeners(event?: string | symbol): this {
    const events = event === undefined ? this.eventNames() : [event];
    if (event === undefined) super.removeAllListeners();
    else super.removeAllListeners(event);
    for (const name of events) this[hooks.onListeners](name);
    return this;
  }

  /**
   * An event's listeners are other ones now. Layers above look here whether anybody listens. It is
   * also called while the constructors of layers below run: look at the event's name first.
   */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for those who override it
  protected [hooks.onListeners](event: string | symbol): void {
    // Here nothing depends on it.
  }
}
