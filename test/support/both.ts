/** The same on Node's `net` and on this package, which stands in for it: what differs is a fault. */
import type * as netTypes from 'node:net';
import * as net from 'node:net';

import * as sctp from 'kernel-sctp';

import { defer } from './cleanup';

export type Net = typeof netTypes;
export type NetServer = netTypes.Server;
export type NetSocket = netTypes.Socket;

/** Each with the name that is printed for it. */
export const both: readonly (readonly [name: string, module: Net])[] = [
  ['net', net],
  ['kernel-sctp', sctp as unknown as Net],
];

/** What a call throws, as plain data; or what `describe` makes of what it returns. */
export function outcomeOf<Result>(
  call: () => Result,
  describe: (result: Result) => unknown = () => 'no error',
): unknown {
  try {
    return describe(call());
  } catch (error) {
    return facts(error);
  }
}

/** Everything a program can know of an error but for its stack; ports are not the same twice. */
export function facts(error: unknown): object {
  const { name, message } = error as Error;
  const own = Object.fromEntries(Object.entries(error as Error));
  if ('port' in own) own['port'] = 'PORT';
  return { name, message: message.replace(/:\d{4,}\b/, ':PORT'), ...own };
}

/** What a scenario works with. */
export interface Stage {
  readonly net: Net;
  /** Writes down that something has happened. */
  readonly note: (entry: string) => void;
  /** Listens where the kernel chooses, unnoted. Closed after the test, as all servers here. */
  readonly listening: () => Promise<NetServer>;
  /** Its events are noted, errors with all that they say. */
  readonly server: (...args: Parameters<Net['createServer']>) => NetServer;
}

type Scenario = (stage: Stage) => unknown;

/** Runs a scenario on both, and expects it to write the same journal. */
export async function expectSameJournal(scenario: Scenario): Promise<string[]> {
  const [theirs, ours] = [await journalOn(net, scenario), await journalOn(sctp, scenario)];
  expect({ journal: ours }).toEqual({ journal: theirs });
  expect(ours).not.toEqual([]);
  return ours;
}

async function journalOn(module: unknown, scenario: Scenario): Promise<string[]> {
  const journal: string[] = [];
  const used = module as Net;
  const note = (entry: string): void => void journal.push(entry);
  await scenario({
    net: used,
    note,
    listening: async () => {
      const server = used.createServer().listen(0);
      defer(() => server.close());
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    },
    server: (...args) => {
      const server = used.createServer(...args);
      defer(() => server.close());
      for (const event of ['listening', 'connection', 'close']) {
        server.on(event, () => {
          note(event);
        });
      }
      server.on('error', (error) => {
        note(`error ${JSON.stringify(facts(error))}`);
      });
      return server;
    },
  });
  return journal;
}

/** Long enough for everything that does not wait for anybody. */
export async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

export function portOfAny(server: NetServer): number {
  return (server.address() as netTypes.AddressInfo).port;
}
