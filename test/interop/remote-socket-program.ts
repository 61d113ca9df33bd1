/** The program behind RemoteSocket: one end of an association that obeys JSON lines on stdin. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import {
  connect,
  type ConnectOptions,
  createServer,
  type ListenOptions,
  type ServerOptions,
  type Socket,
} from 'kernel-sctp';

export type Role =
  | { role: 'server'; options: ServerOptions; listen: ListenOptions }
  | { role: 'client'; options: ConnectOptions };

export type Command =
  | { do: 'call'; method: string; args: unknown[] }
  | { do: 'get'; property: string }
  /** Writes numbered messages, as fast as they are accepted; answers when all are acknowledged. */
  | { do: 'transfer'; count: number; size: number }
  | { do: 'received' };

/** What has arrived: numbered messages, each of which must be the next. */
export interface Received {
  messages: number;
  bytes: number;
  /** Numbers that came when another was due. */
  misplaced: number[];
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

function report(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

const received: Received = { messages: 0, bytes: 0, misplaced: [] };

/** Tells what happens to the socket, and whenever another 500 messages have come. */
function follow(socket: Socket): Socket {
  for (const event of ['connect', 'end', 'close', 'address-change'] as const) {
    socket.on(event, () => {
      const { localAddress, localAddresses, remoteAddress, remoteAddresses } = socket;
      report({ event, localAddress, localAddresses, remoteAddress, remoteAddresses });
    });
  }
  socket.on('path', (change) => {
    report({ event: 'path', ...change });
  });
  socket.on('error', (error) => {
    report({ event: 'error', message: error.message });
  });
  socket.on('unconfirmed', (info) => {
    report({ event: 'unconfirmed', ...info });
  });
  socket.on('sendFailed', (error) => {
    report({ event: 'sendFailed', message: error.message });
  });
  socket.on('data', (message) => {
    const number = message.readUInt32BE();
    if (number !== received.messages) received.misplaced.push(number);
    received.messages++;
    received.bytes += message.length;
    if (received.messages % 500 === 0) report({ event: 'received', count: received.messages });
  });
  return socket;
}

let current: Promise<Socket>;
const role = JSON.parse(process.argv[2] as string) as Role;
if (role.role === 'server') {
  const server = createServer(role.options);
  current = once(server, 'connection').then(([socket]) => {
    server.close();
    const peer = follow(socket as Socket);
    report({ event: 'connection' });
    return peer;
  });
  server.listen(role.listen, () => {
    report({ port: server.address()?.port });
  });
} else {
  const socket = follow(connect(role.options));
  current = Promise.resolve(socket);
}

async function transfer(socket: Socket, count: number, size: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const message = Buffer.alloc(size, number);
    message.writeUInt32BE(number);
    if (!socket.write(message)) await once(socket, 'drain');
  }
  await socket.dry();
}

async function obey(command: Command): Promise<unknown> {
  const socket = await current;
  switch (command.do) {
    case 'call':
      return (socket as unknown as Methods)[command.method]?.(...command.args);
    case 'get':
      return (socket as unknown as Record<string, unknown>)[command.property];
    case 'transfer':
      return transfer(socket, command.count, command.size);
    case 'received':
      return received;
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, ...command } = JSON.parse(line) as Command & { id: number };
  obey(command).then(
    (answer) => {
      report({ id, answer: answer ?? null });
    },
    (error: unknown) => {
      report({ id, refused: String(error) });
    },
  );
});
