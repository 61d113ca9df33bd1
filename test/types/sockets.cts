// Compiled, not run: sockets and servers as an editor must accept them, and refuse.
import { createServer as createHttpServer, request } from 'node:http';
import type { LookupFunction } from 'node:net';
import { createInterface } from 'node:readline';
import type { Duplex, Writable } from 'node:stream';
import { connect as connectTls } from 'node:tls';

import {
  type Address,
  connect,
  type ConnectOptions,
  createConnection,
  createServer,
  type DropInfo,
  type ListenOptions,
  type Message,
  type MessageInfo,
  type Notification,
  type Path,
  type PathChange,
  type ReceivedInfo,
  type SendFailedError,
  Server,
  type ServerEvents,
  type ServerOptions,
  Socket,
  type SocketEvents,
  type SocketOptions,
  type SocketSendInfo,
} from 'kernel-sctp';

declare const lookup: LookupFunction;
const { signal } = new AbortController();
const common: SocketOptions = {
  allowHalfOpen: true,
  highWaterMark: 1,
  maxMessageSize: 1,
  closeTimeout: 0,
  oversize: 'split',
  signal,
  noDelay: false,
  OS: 1,
  MIS: 1,
  sctp: { rtoInfo: { min: 5 } },
};
const there: ConnectOptions = {
  ...common,
  port: 1,
  remoteAddresses: ['::1', '127.0.0.1'],
  localAddresses: ['::'],
  localPort: 5,
  family: 4,
  lookup,
  hints: 0,
  connectTimeout: 5,
  timeout: 5,
};
const served: ServerOptions = { pauseOnConnect: true, oversize: 'error', OS: 3 };
const where: ListenOptions = {
  port: 0,
  host: '::',
  backlog: 5,
  ipv6Only: true,
  signal,
  exclusive: true,
};

// All signatures.
connect(there);
connect(there, () => undefined);
connect(5);
connect(5, () => undefined);
connect(5, 'localhost');
const socket: Socket = createConnection(5, 'localhost', () => undefined);
new Socket().connect(there).connect(5).connect(5, 'host').ref().unref();
createServer();
createServer((accepted: Socket) => accepted.end());
const server: Server = createServer(served, (accepted) => accepted.write('x'));
new Server(served);
new Server((accepted) => accepted.destroy());
server
  .listen(where)
  .listen(5)
  .listen()
  .listen(() => undefined);
server
  .listen(5, 'host', 5, () => undefined)
  .listen(5, 'host')
  .listen(5, 5);
server
  .close()
  .close((error) => error?.message)
  .ref()
  .unref();
server.getConnections((error: Error | null, count: number) => [error, count]);
server.maxConnections = 5;

// Events say what their listeners get.
socket.on('data', (message) => {
  const typed: Message = message;
  const info: MessageInfo = typed;
  const bytes: Buffer = typed.subarray(1);
  const numbers: number[] = [typed.ppid, typed.sid, typed.context, bytes.length];
  const unordered: boolean = typed.unordered;
  console.log(info, numbers, unordered);
});
socket.once('message', (message: Message, info: ReceivedInfo) => [message.sid, info.tsn]);
socket.on('notification', (reported: Notification) => {
  if (reported.type === 'assocChange')
    console.log(reported.state === 'commUp', reported.outboundStreams);
  if (reported.type === 'peerAddrChange') console.log(reported.address?.port);
});
socket.on('sendFailed', (error: SendFailedError) => [error.data.length, error.sent, error.code]);
socket.on('close', (hadError: boolean) => hadError);
socket.on('lookup', (error, address, family, host) => [error?.message, address, family, host]);
socket.on('error', (error) => error.message);
for (const event of ['connect', 'ready', 'end', 'finish', 'drain', 'timeout'] as const) {
  socket.addListener(event, () => undefined).off(event, () => undefined);
}
socket.on('of a subclass', (anything: number) => anything);
const closeArguments: SocketEvents['close'] = [true];
declare const dropped: DropInfo;
const drop: ServerEvents['drop'] = [dropped];
server.on('drop', (info: DropInfo) => info.localPort);
server.on('connection', (accepted) => accepted.send(Buffer.from('x')));
server.prependOnceListener('error', (error) => error.message);

// Sending.
const how: SocketSendInfo = { sid: 1, ppid: 46, unordered: true, context: 1, address: '::1' };
const flows: boolean = socket.send(new Uint8Array(1), how, (error) => error?.message);
socket.send(Buffer.from('x'), () => undefined);
socket.write(Object.assign(Buffer.from('x'), { ppid: 3 }));
socket.write('text', 'utf8', () => undefined);
socket.end('text', () => undefined);

// What it says of itself.
const text: string | undefined = socket.remoteAddress ?? socket.localFamily;
const port: number | undefined = socket.remotePort ?? socket.localPort ?? socket.timeout;
const counts: number = socket.bytesRead + socket.bytesWritten + socket.readAheadBytes;
const states: boolean[] = [socket.connecting, socket.pending, socket.destroyed];
const place: Address | null = server.address();
const state: 'established' | string = socket.status().state;
const streams: number = socket.getOption('status').outStreams;
const primary: Address = socket.getOption('primaryAddr');
socket.setOption('primaryAddr', { address: '::1', port: 5 });
socket
  .setTimeout(5, () => undefined)
  .setNoDelay()
  .setKeepAlive(true, 5)
  .resetAndDestroy();
socket.destroySoon();
const dry: Promise<void> = socket.dry();
console.log(closeArguments, drop, flows, text, port, counts, states, place, state, streams);
console.log(primary, dry);

// What takes any stream takes ours.
const duplex: Duplex = socket;
createInterface({ input: socket, output: socket });
connectTls({ socket, servername: 'name' });
createHttpServer().emit('connection', socket);
request({ createConnection: () => connect(5) as never });
duplex.pipe(socket as Writable).on('pipe', () => undefined);

// Several addresses.
const ends: string[] = [...socket.localAddresses, ...socket.remoteAddresses];
const own: Address[] = socket.getLocalAddresses();
const [path]: Path[] = socket.paths;
const known: boolean = path?.primary ?? path?.state === 'active';
const measured: number | undefined = socket.peerInfoByAddress['::1']?.srtt ?? path?.rto;
socket.addLocalAddress('::1');
socket.removeLocalAddress({ address: '::1', family: 'IPv6' });
socket.setPrimary('::1');
socket.setPeerPrimary('::1');
socket.requestHeartbeat('::1');
socket
  .on('path', ({ address, change, state, previousState, primary }: PathChange) => {
    console.log(address, change === 'unreachable', state ?? 'gone', previousState, primary);
  })
  .on('address-change', () => undefined)
  .once('peer-info-update', () => undefined);
console.log(ends, own, known, measured);

class Derived extends Socket {
  override connect(...args: never[]): this {
    return super.connect(...(args as unknown as [number]));
  }
}
new Derived(common).on('data', (message) => message.ppid);

// As with `net`, `new` may be left out.
const called: Socket = Socket({
  onread: { buffer: Buffer.alloc(5), callback: (bytes) => bytes > 5 },
});
called.on('connectionAttempt', (address, place) => [address.length, place.toFixed()]);
called.on('connectionAttemptFailed', (...attempt) => attempt[3].message);
const attempted: readonly string[] = called.autoSelectFamilyAttemptedAddresses;
const waiting: number | undefined = called.bufferSize;
connect({ port: 5, keepAlive: true, keepAliveInitialDelay: 5, family: 'IPv6' });
console.log(attempted, waiting);

// @ts-expect-error -- where to?
connect({ host: 'localhost' });
// @ts-expect-error -- an option that does not exist
connect({ port: 5, hots: 'localhost' });
// @ts-expect-error -- not one of the choices
connect({ port: 5, oversize: 'cut' });
// @ts-expect-error -- there are no paths
connect('/tmp/socket');
// @ts-expect-error -- not a signal
createServer({ signal: true });
// @ts-expect-error -- one string
server.listen({ localAddresses: '127.0.0.1' });
// @ts-expect-error -- bytes, not text
socket.send('text');
// @ts-expect-error -- an unknown field
socket.send(Buffer.from('x'), { stream: 5 });
// @ts-expect-error -- a Buffer has no such thing
socket.on('data', (message) => message.stream);
// @ts-expect-error -- an option that can only be read
socket.setOption('status', {});
// @ts-expect-error -- no such change
socket.on('path', ({ change }) => change === 'inactive');
// @ts-expect-error -- it must say of which path
socket.getOption('peerAddrInfo');
