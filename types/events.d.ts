/**
 * How events are typed, for every emitter of this package: an interface of tuples names the events
 * and the arguments of their listeners (`SocketEvents`, …), and `TypedEvents` makes methods of it.
 *
 * They are added by `WithEvents` to a class that is extended, by `TypedDuplex` to an interface.
 * `interface Socket extends TypedEvents<…>` beside a class cannot do it: TypeScript wants what two
 * bases have in common to be identical (TS2320).
 */
import type { Duplex } from 'node:stream';

/** What an interface of events must be. */
export type EventMap<Events> = { [Event in keyof Events]: unknown[] };

/** The methods of an EventEmitter that name an event, for these events alone. */
export interface TypedEvents<Events extends EventMap<Events>> {
  on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
  addListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  removeListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  prependListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  prependOnceListener<Event extends keyof Events>(
    event: Event,
    listener: (...args: Events[Event]) => void,
  ): this;
  emit<Event extends keyof Events>(event: Event, ...args: Events[Event]): boolean;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type AnyListener = (...args: any[]) => void;

/**
 * A Duplex whose events are not typed. Node's types name 'data', 'close' and others one by one, and
 * TypeScript tries such signatures before all that are generic: `TypedEvents` would come too late.
 */
export interface UntypedDuplex extends Duplex {
  on(event: string | symbol, listener: AnyListener): this;
  once(event: string | symbol, listener: AnyListener): this;
  off(event: string | symbol, listener: AnyListener): this;
  addListener(event: string | symbol, listener: AnyListener): this;
  removeListener(event: string | symbol, listener: AnyListener): this;
  prependListener(event: string | symbol, listener: AnyListener): this;
  prependOnceListener(event: string | symbol, listener: AnyListener): this;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
  emit(event: string | symbol, ...args: any[]): boolean;
}

/** A Duplex with these events; others, of a subclass, have untyped arguments. */
export type TypedDuplex<Events extends EventMap<Events>> = TypedEvents<Events> & UntypedDuplex;

/**
 * A class whose objects emit these events: `class Socket extends (Base as WithEvents<typeof Base,
 * SocketEvents>)`. The base is an EventEmitter, or made of `UntypedDuplex`.
 */
export type WithEvents<
  Class extends abstract new (...args: never[]) => object,
  Events extends EventMap<Events>,
> = Omit<Class, 'prototype'> &
  (abstract new (
    ...args: ConstructorParameters<Class>
  ) => TypedEvents<Events> & InstanceType<Class>);

export {};
