// Compiled, not run: what types/events.d.ts makes of an interface of events.
import { EventEmitter } from 'node:events';
import { Duplex, type DuplexOptions } from 'node:stream';

import type { SctpStream, Message, ReceivedInfo } from 'kernel-sctp';

import type { TypedDuplex, TypedEvents, UntypedDuplex, WithEvents } from '../../types/events';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

interface Events {
  data: [message: Message];
  close: [hadError: boolean];
  own: [first: number, second?: string];
}

/** Only for what is exactly the same: any is not. */
declare function same<Expected>(): <Actual>(
  value: Actual,
  ...proof: (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2
    ? []
    : [never]
) => void;
const message = same<Message>();
const truth = same<boolean>();
const number = same<number>();
const text = same<string | undefined>();

// A stream made of Duplex, with layers in between that have a say about listeners.
const Root = Duplex as unknown as new (options?: DuplexOptions) => UntypedDuplex;
abstract class Layer extends Root {
  static readonly count: number = 1;
  override on(event: string | symbol, listener: Listener): this {
    return super.on(event, listener);
  }
  abstract get connecting(): boolean;
  protected abstract begin(): void;
}
class Stream extends (Layer as WithEvents<typeof Layer, Events>) {
  override get connecting(): boolean {
    return this.emit('close', true);
  }
  protected override begin(): void {
    this.once('own', (first) => {
      number(first);
    });
    super.off('close', () => undefined);
  }
}
class Emitter extends (EventEmitter as WithEvents<typeof EventEmitter, Events>) {}
interface Declared extends TypedDuplex<Events> {
  readonly sid: number;
}
declare const declared: Declared;

for (const each of [new Stream(), new Emitter(), declared]) {
  const emitter: TypedEvents<Events> & EventEmitter = each;
  emitter.on('data', (data) => {
    message(data);
  });
}
const stream = new Stream({ highWaterMark: 1 });
const itself: Stream = stream
  .on('data', (data) => {
    message(data);
  })
  .once('close', (hadError) => {
    truth(hadError);
  })
  .addListener('own', (first, second) => {
    number(first);
    text(second);
  })
  .prependListener('data', (data) => {
    message(data);
  })
  .prependOnceListener('close', (hadError) => {
    truth(hadError);
  })
  .removeListener('data', () => undefined)
  .off('close', () => undefined)
  .on('of a subclass', (anything: number) => anything);
new Emitter().on('close', (hadError) => {
  truth(hadError);
});
declared.once('data', (data) => {
  message(data);
});
const duplexes: Duplex[] = [stream, declared];
class Derived extends Stream {
  override on(event: string | symbol, listener: Listener): this {
    return super.on(event, listener);
  }
}
const derived: Stream = new Derived();

const emitted: boolean = stream.emit('own', 1, 'x');

// Ours.
declare const single: SctpStream;
single.on('data', (data) => {
  message(data);
});
single.once('message', (data, info) => {
  message(data);
  same<ReceivedInfo>()(info);
});

export { derived, duplexes, emitted, itself, Layer };
