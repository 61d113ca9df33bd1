/** Collects what is published on diagnostics channels, and on tracing channels, until the end of the test. */
import diagnostics from 'node:diagnostics_channel';

import type { DiagnosticsMessages } from 'kernel-sctp';

import { defer } from './cleanup';

type Name = keyof DiagnosticsMessages;
type Entry = { [Which in Name]: [channel: Which, message: DiagnosticsMessages[Which]] }[Name];

export class Published {
  readonly all: Entry[] = [];
  #wake: () => void = () => undefined;

  constructor(...names: Name[]) {
    for (const name of names) {
      const subscriber = (message: unknown): void => {
        this.all.push([name, message] as Entry);
        this.#wake();
      };
      diagnostics.subscribe(name, subscriber);
      defer(() => diagnostics.unsubscribe(name, subscriber));
    }
  }

  /** Resolves with the messages of one channel, once there are so many. */
  async on<Which extends Name>(name: Which, count = 1): Promise<DiagnosticsMessages[Which][]> {
    for (;;) {
      const found = this.all.filter(([channel]) => channel === name);
      if (found.length >= count) {
        return found.map(([, message]) => message as DiagnosticsMessages[Which]);
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The names of the channels, without what all have in common, in the order of the messages. */
  get order(): string[] {
    return this.all.map(([channel]) => channel.replace('kernel-sctp:', ''));
  }
}

type Context = Record<string, unknown>;
type Seen = [event: string, context: Context][];

/** Everything on a tracing channel, in order. */
export function traced(name: string): Seen {
  const seen: Seen = [];
  const note = (event: string) => (context: unknown) => {
    seen.push([event, context as Context]);
  };
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };
  const channel = diagnostics.tracingChannel(name);
  channel.subscribe(subscribers);
  defer(() => {
    channel.unsubscribe(subscribers);
  });
  return seen;
}

export function events(seen: Seen): string[] {
  return seen.map(([event]) => event);
}
