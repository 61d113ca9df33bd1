/** Says which arguments the listeners of each event get. Types only: nothing happens here. */
import type { SocketEvents } from '../../../types/socket';
import { ReconfigurableStream } from './reconfigurable-stream';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- types of events only
export interface TypedStream {
  on<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  on(event: string | symbol, listener: Listener): this;
  once<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  once(event: string | symbol, listener: Listener): this;
  off<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  off(event: string | symbol, listener: Listener): this;
  addListener<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  addListener(event: string | symbol, listener: Listener): this;
  removeListener<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  removeListener(event: string | symbol, listener: Listener): this;
  prependListener<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  prependListener(event: string | symbol, listener: Listener): this;
  prependOnceListener<Event extends keyof SocketEvents>(
    event: Event,
    listener: (...args: SocketEvents[Event]) => void,
  ): this;
  prependOnceListener(event: string | symbol, listener: Listener): this;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- types of events only
export abstract class TypedStream extends ReconfigurableStream {}
