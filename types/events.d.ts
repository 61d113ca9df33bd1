/** The methods of an emitter whose events have known arguments. */

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type AnyListener = (...args: any[]) => void;

/** @typeParam Events the arguments that each event's listeners get, by the event's name */
export interface TypedEvents<Events extends Record<keyof Events, unknown[]>> {
  on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  on(event: string | symbol, listener: AnyListener): this;
  once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  once(event: string | symbol, listener: AnyListener): this;
  off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  off(event: string | symbol, listener: AnyListener): this;
  addListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  addListener(event: string | symbol, listener: AnyListener): this;
  removeListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  removeListener(event: string | symbol, listener: AnyListener): this;
  prependListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  prependListener(event: string | symbol, listener: AnyListener): this;
  prependOnceListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  prependOnceListener(event: string | symbol, listener: AnyListener): this;
}
