/** Runs one program on `net` and on kernel-sctp, and compares what happens, party by party. */
import { once } from 'node:events';
import * as net from 'node:net';
import { types } from 'node:util';

import * as sctp from 'kernel-sctp';

export type Net = typeof net;

/** What a program of both has. */
export interface Stage {
  /** `net`, or kernel-sctp under its type. */
  readonly net: Net;
  /** A port on which nobody listens. */
  readonly closedPort: number;
  /** Writes down an entry of one party; ports become PORT. */
  readonly log: (party: string, entry: unknown) => void;
  /** Writes down all events of a socket, which is destroyed in the end. */
  readonly watch: <T extends net.Socket>(socket: T, party: string, events?: readonly string[]) => T;
  /** A server on 127.0.0.1. Its sockets are watched as 'peer' before the listener gets them. */
  readonly serve: (
    listener?: (socket: net.Socket) => void,
    options?: net.ServerOpts & { unwatched?: boolean },
  ) => Promise<number>;
  /** Waits until every socket that is watched has closed, the ends of connections included. */
  readonly allClosed: () => Promise<void>;
}

/** Resolves with whether there was an error; never rejects. */
export function closed(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve) => socket.once('close', resolve));
}

export type Program = (stage: Stage) => unknown;
export type Journals = Record<string, string[]>;

const EVENTS = [
  'lookup',
  'connectionAttempt',
  'connect',
  'ready',
  'data',
  'end',
  'finish',
  'timeout',
  'error',
  'close',
];

export async function journalsOn(api: Net, program: Program): Promise<Journals> {
  const journals: Journals = {};
  const sockets: net.Socket[] = [];
  const servers: net.Server[] = [];
  const closings: Promise<unknown>[] = [];
  let connected = 0;
  let accepted = 0;
  let isOver = false;
  const log: Stage['log'] = (party, entry) => {
    if (!isOver) (journals[party] ??= []).push(text(entry));
  };
  const watch: Stage['watch'] = (socket, party, events = EVENTS) => {
    sockets.push(socket);
    closings.push(closed(socket));
    socket.on('connect', () => connected++);
    for (const event of events) {
      socket.on(event, (...args: unknown[]) => {
        log(party, [event, ...args.map(text)].join(' '));
      });
    }
    return socket;
  };
  const serve: Stage['serve'] = async (listener, { unwatched = false, ...options } = {}) => {
    const server = api.createServer(options, (socket) => {
      accepted++;
      if (unwatched) sockets.push(socket.on('error', () => undefined));
      else watch(socket, 'peer');
      listener?.(socket);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  };
  const allClosed: Stage['allClosed'] = async () => {
    for (let count = -1; count !== closings.length || accepted < connected;) {
      count = closings.length;
      await Promise.all(closings);
      await new Promise(setImmediate);
    }
  };
  try {
    await program({ net: api, closedPort: await closedPort(api), log, watch, serve, allClosed });
  } finally {
    isOver = true;
    for (const socket of sockets) socket.on('error', () => undefined).destroy();
    for (const server of servers) server.close();
  }
  return journals;
}

/** Expects the same of both, and hands it back. */
export async function expectTwins(
  program: Program,
  ours: Net = sctp as unknown as Net,
): Promise<Journals> {
  const expected = await journalsOn(net, program);
  const actual = await journalsOn(ours, program);
  expect(actual).toEqual(expected);
  return actual;
}

/** What both throw, or return, for each call. */
export async function expectSameResults(
  calls: Record<string, (stage: Stage) => unknown>,
): Promise<Journals> {
  return await expectTwins((stage) => {
    for (const [name, call] of Object.entries(calls)) {
      try {
        stage.log(name, call(stage));
      } catch (error) {
        stage.log(name, error);
      }
    }
  });
}

async function closedPort(api: Net): Promise<number> {
  const server = api.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function text(value: unknown): string {
  if (types.isNativeError(value)) {
    const { name, code, message } = value as NodeJS.ErrnoException;
    return withoutPorts(`${name} ${String(code)}: ${message}`);
  }
  if (value instanceof net.Socket || value instanceof sctp.Socket) return 'a socket';
  if (Buffer.isBuffer(value) || typeof value === 'string') return withoutPorts(String(value));
  if (typeof value === 'object' && value !== null) return withoutPorts(JSON.stringify(value));
  return String(value);
}

function withoutPorts(entry: string): string {
  return entry.replace(/(?<=[\d.:]+:|"port":|connectionAttempt \S+ )\d{4,5}\b/g, 'PORT');
}
