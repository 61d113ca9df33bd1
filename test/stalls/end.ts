/**
 * One end of a sweep, a process: `node end.js server|client`. It is told what to do by lines of
 * JSON on its standard input, and answers each with a line. It has default settings.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { connect, createServer, type ServerOptions, type Socket } from 'kernel-sctp';

import { readCounters, since } from './counters';

/** One transfer: so many messages of this size, by turns on so many streams. */
export interface Transfer {
  size: number;
  count: number;
  streams: number;
  sends: boolean;
  receives: boolean;
}

type Command =
  | { do: 'listen'; host: string; options?: ServerOptions }
  | { do: 'connect'; host: string; port: number }
  | { do: 'prepare'; transfer: Transfer }
  | { do: 'transfer'; transfer: Transfer }
  | { do: 'close' };

/** The whole of what comes in, once it has. */
async function receive(socket: Socket, { size, count }: Transfer): Promise<void> {
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    const onData = ({ length }: Buffer): void => {
      if (length !== size) reject(new Error(`a message of ${String(length)} bytes`));
      if (++received < count) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.once('close', () => {
      reject(new Error(`closed after ${String(received)} messages`));
    });
  });
}

async function send(socket: Socket, { size, count, streams }: Transfer): Promise<void> {
  const message = Buffer.alloc(size, 'm');
  for (let sent = 0; sent < count; sent++) {
    const sid = sent % streams;
    const hasRoom = streams > 1 ? socket.send(message, { sid }) : socket.write(message);
    if (!hasRoom) await once(socket, 'drain');
  }
}

let server: ReturnType<typeof createServer> | undefined;
let socket: Socket | undefined;
let accepted: Promise<[Socket]> | undefined;
let arrival: Promise<void> = Promise.resolve();
let before = readCounters();

async function current(): Promise<Socket> {
  socket ??= ((await accepted) as [Socket])[0];
  return socket;
}

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'listen': {
      server = createServer(command.options ?? {});
      server.on('connection', (peer) => {
        peer.on('error', () => undefined); // the other end has closed, with an ABORT
      });
      server.listen({ host: command.host });
      await once(server, 'listening');
      accepted = once(server, 'connection') as Promise<[Socket]>;
      return server.address()?.port;
    }
    case 'connect': {
      socket = connect({ host: command.host, port: command.port });
      await once(socket, 'connect');
      return socket.getOption('sndBuf');
    }
    case 'prepare': {
      before = readCounters();
      const { transfer } = command;
      const ready = await current();
      arrival = transfer.receives ? receive(ready, transfer) : Promise.resolve();
      return undefined;
    }
    case 'transfer': {
      const ready = await current();
      if (command.transfer.sends) await send(ready, command.transfer);
      await arrival;
      return since(before, readCounters());
    }
    case 'close': {
      (await current()).destroy();
      socket = undefined;
      if (server) accepted = once(server, 'connection') as Promise<[Socket]>;
      return undefined;
    }
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  void obey(JSON.parse(line) as Command).then((answer) => {
    console.log(JSON.stringify({ answer }));
  });
});
