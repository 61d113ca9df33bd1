/** Servers of `net` and of this package, which stands in for it: what differs is a fault. */
import * as net from 'node:net';

import * as sctp from 'kernel-sctp';

import { defer } from './cleanup';
import { expectTwins, type Net } from './twin';

export type { Net };
export type NetServer = net.Server;
export type NetSocket = net.Socket;

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
  const { all = [] } = await expectTwins(async ({ net: module, log }) => {
    await scenario(
      stageOf(module, (entry) => {
        log('all', entry);
      }),
    );
  });
  expect(all).not.toEqual([]);
  return all;
}

function stageOf(module: Net, note: Stage['note']): Stage {
  return {
    net: module,
    note,
    listening: async () => {
      const server = module.createServer().listen(0);
      defer(() => server.close());
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    },
    server: (...args) => {
      const server = module.createServer(...args);
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
  };
}

/** Long enough for everything that does not wait for anybody. */
export async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

export function portOfAny(server: NetServer): number {
  return (server.address() as net.AddressInfo).port;
}
