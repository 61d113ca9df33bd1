/**
 * A program: calls everything of sockets and servers with random values, in any state. What it must
 * not do is crash, hang, throw or emit an error without a documented code, or keep a descriptor.
 */
import * as sctp from 'kernel-sctp';
import type { SctpStream, Server, Socket } from 'kernel-sctp';

import { connection, descriptors, HOST, turn } from '../kit';
import { isHostile, Random } from './random';

type Anything = (...args: unknown[]) => unknown;

const CALLS = Number(process.env['CALLS'] ?? 3000);
const random = new Random();

function fail(what: string, detail: unknown): never {
  console.log(what, detail);
  process.exit(1);
}

const CODES =
  /^(ABORT_ERR|ENOTFOUND|ERR_(INVALID_ARG_(TYPE|VALUE)|INVALID_IP_ADDRESS|INVALID_ADDRESS_FAMILY|OUT_OF_RANGE|MISSING_ARGS|UNKNOWN_ENCODING|SOCKET_(BAD_PORT|CLOSED|CLOSED_BEFORE_CONNECTION)|SERVER_(ALREADY_LISTEN|NOT_RUNNING)|STREAM_\w+|SCTP_(MESSAGE_TOO_LARGE|OPTION|CONNECT_TIMEOUT|CLOSE_TIMEOUT)))$/;

/** Whether an error is one that the documentation, or Node's, names. */
function isDocumented(error: unknown): boolean {
  if (isHostile(error)) return true;
  const { code, syscall, errno, message } = error as NodeJS.ErrnoException;
  if (message === 'mine') return true;
  if (code === 'EPIPE') return true; // after the peer has ended: without a syscall, as net has it
  return CODES.test(code ?? '') || (syscall !== undefined && (errno ?? 0) < 0);
}

function or(percent: number, plausible: unknown): unknown {
  return random.chance(percent) ? random.junk() : plausible;
}

function object(percent: number, fields: Record<string, unknown>): unknown {
  const chosen = Object.entries(fields).filter(() => random.chance(40));
  return or(percent, Object.fromEntries(chosen.map(([name, value]) => [name, or(8, value)])));
}

const servers: Server[] = [];
const sockets: Socket[] = [];
const streams: SctpStream[] = [];

function somePort(): number {
  return random.pick(servers).address()?.port ?? 9;
}

const quick = (): number => random.pick([0, 1, 50, 200]);

function socketOptions(): Record<string, unknown> {
  return {
    allowHalfOpen: random.chance(50),
    highWaterMark: random.pick([1, 1000, 100_000]),
    maxMessageSize: random.pick([1, 1000, 1_000_000]),
    closeTimeout: 1 + quick(),
    oversize: random.pick(['error', 'split']),
    OS: random.integer(),
    MIS: random.integer(),
    ppid: random.pick([3, 'M3UA', random.integer()]),
    keepAlive: random.pick([undefined, null, true, false, 5]),
    keepAliveInitialDelay: quick(),
    onread: object(5, { buffer: Buffer.alloc(7), callback: act }),
    sack: object(5, { delay: quick(), freq: 1 }),
    sctp: object(5, {
      sndBuf: 4608,
      noDelay: true,
      asconfSupported: true,
      rtoInfo: object(5, { max: 1000 }),
    }),
    [random.pick(['constructor', 'objectMode', 'autoDestroy'])]: random.junk(),
  };
}

function connectOptions(): unknown {
  const options = object(3, {
    ...socketOptions(),
    remoteAddresses: random.chance(20) ? ['127.0.0.1', '::1'] : undefined,
    localAddress: random.pick(['127.0.0.1', '192.0.2.1', '::1']),
    localAddresses: random.chance(20) ? ['127.0.0.1', '127.0.0.2'] : undefined,
    localPort: random.pick([0, 1]),
    family: random.pick([0, 4, 6]),
    timeout: quick(),
    signal: random.chance(30) ? AbortSignal.abort() : undefined,
    lookup: (_name: unknown, _options: unknown, found: Anything) => found(null, HOST, 4),
  });
  if (typeof options !== 'object' || options === null || random.chance(3)) return options;
  // A hostile object may refuse this.
  return { connectTimeout: 200, port: or(5, somePort()), host: or(5, HOST), ...options };
}

function adopt(socket: Socket): void {
  socket.on('error', (error) => {
    if (!isDocumented(error)) fail('undocumented error event', error);
  });
  if (random.chance(60)) socket.on(random.pick(['data', 'message', 'readable']), act);
  if (random.chance(20)) socket.on('notification', act);
  if (random.chance(20)) socket.on('stream', adoptStream);
  if (random.chance(20))
    socket.on(random.pick(['path', 'address-change', 'peer-info-update']), act);
  if (random.chance(20)) socket.on(random.pick(['end', 'finish', 'close', 'connect']), act);
  sockets.push(socket);
}

function adoptStream(stream: SctpStream): void {
  if (streams.includes(stream)) return;
  stream.on('error', (error) => {
    if (!isDocumented(error)) fail('undocumented error of a stream', error);
  });
  if (random.chance(60)) stream.on(random.pick(['data', 'message', 'readable']), act);
  if (random.chance(20)) stream.on(random.pick(['end', 'finish', 'close']), act);
  streams.push(stream);
  while (streams.length > 20) streams.shift();
}

/** Something that a callback may do. */
function act(): void {
  if (random.chance(90)) return;
  const socket = random.pick(sockets);
  random.pick<() => unknown>([
    () => socket.destroy(),
    () => socket.end(),
    () => socket.pause(),
    () => socket.resume(),
    () => socket.resetAndDestroy(),
    () => socket.write('from a callback'),
    () => {
      if (socket.destroyed && !socket.connecting) socket.connect(somePort(), HOST);
    },
  ])();
}

function message(): unknown {
  return random.pick<() => unknown>([
    () => Buffer.alloc(random.pick([0, 1, 100, 8193, 70_000])),
    () => Object.assign(Buffer.from('x'), { sid: random.integer(), ppid: random.integer() }),
    () => 'text',
    () => random.junk(),
  ])();
}

const info = (): unknown =>
  object(10, { sid: random.below(12), ppid: random.integer(), unordered: true, address: HOST });

const pathMethods = [
  'addLocalAddress',
  'removeLocalAddress',
  'setPrimary',
  'setPeerPrimary',
  'requestHeartbeat',
] as const;
const hosts = [HOST, '127.0.0.2', '127.0.0.3', '::1', 'fe80::1', { address: HOST, port: 9 }];

function callSocket(socket: Socket): void {
  const call = (name: keyof Socket, ...args: unknown[]) =>
    (socket[name] as Anything).apply(socket, args);
  // As an encoding, Node itself fails to name some kinds of junk.
  const back = random.pick([undefined, act, act, null, 5, 'nonsense']);
  random.pick<() => unknown>([
    () => call('write', message(), random.pick(['utf8', 'hex', 'nonsense', 5]), back),
    () => call('write', message(), back),
    () => call('send', message(), info(), act),
    () => call('send', message(), act),
    () => call('end', random.pick<unknown>(['last', Buffer.from('last'), 5, {}]), back),
    () => call('end'),
    () => call('destroySoon'),
    () => call('destroy', random.chance(50) ? new Error('mine') : undefined),
    () => call('resetAndDestroy'),
    () => call('connect', connectOptions()),
    () => call('setTimeout', or(20, quick()), back),
    () => call('setNoDelay', random.junk()),
    () => call('setEncoding', random.pick(['utf8', 'hex', 'nonsense'])),
    () => call('pause'),
    () => call('resume'),
    () => call('read', random.pick([undefined, 0, 1, 5000])),
    () => call('ref', random.junk()),
    () => call('unref', random.junk()),
    () => call('getOption', or(10, random.pick(['rtoInfo', 'status', 'sndBuf'])), random.junk()),
    () => call('setOption', or(10, 'noDelay'), random.junk()),
    () => {
      adoptStream(call('createStream', or(10, random.below(12)), or(10, 3)) as SctpStream);
    },
    () => call(random.pick(pathMethods), or(20, random.pick(hosts))),
    () => call('address'),
    () => [socket.paths, socket.peerInfoByAddress, socket.localAddresses],
    () => [socket.localPort, socket.remoteAddress, socket.bytesWritten, socket.readyState],
    () => (call('dry') as Promise<void>).catch(checkRejection),
  ])();
}

function callStream(stream: SctpStream): void {
  const call = (name: keyof SctpStream, ...args: unknown[]) =>
    (stream[name] as Anything).apply(stream, args);
  random.pick<() => unknown>([
    () => call('write', message(), act),
    () => call('send', message(), random.pick([undefined, act, { ppid: random.integer() }])),
    () => call('end', random.pick<unknown>(['last', Buffer.from('last'), 5, {}])),
    () => call('destroy', random.chance(50) ? new Error('mine') : undefined),
    () => call('pause'),
    () => call('resume'),
    () => call('read', random.pick([undefined, 0, 1, 5000])),
    () => (stream.ppid = random.pick([3, 'SUA', random.junk()]) as number),
    () => [stream.sid, stream.ppid, stream.readAheadBytes],
  ])();
}

function checkRejection(error: unknown): void {
  if (!isDocumented(error)) fail('undocumented rejection', error);
}

function listen(): void {
  const server = (sctp.createServer as Anything)(object(2, socketOptions()), adopt) as Server;
  server.on('error', (error) => {
    if (!isDocumented(error)) fail('undocumented error of a server', error);
  });
  servers.push(server);
  server.maxConnections = random.pick([undefined, 3]);
  (server.listen as Anything).call(server, {
    host: or(5, HOST),
    port: or(10, 0),
    backlog: or(10, 5),
  });
}

function step(): void {
  if (random.chance(8)) adopt((sctp.connect as Anything)(connectOptions()) as Socket);
  else if (random.chance(2)) listen();
  else if (streams.length > 0 && random.chance(20)) callStream(random.pick(streams));
  else callSocket(random.pick(sockets));
  while (sockets.length > 20) sockets.splice(random.below(20), 1)[0]?.destroy();
  if (servers.length > 3) servers.splice(1 + random.below(2), 1)[0]?.close();
}

async function main(): Promise<void> {
  console.log('seed', random.seed);
  process.on('uncaughtException', (error) => {
    if (!isDocumented(error)) fail('uncaught', error);
  });
  const first = await connection();
  first.peer.on('error', () => undefined);
  first.client.destroy();
  first.server.close();
  await turn();
  for (let i = 0; i < 10; i++) await turn();
  const before = descriptors();
  servers.push(sctp.createServer(adopt).listen({ host: HOST }));
  adopt(sctp.connect({ host: HOST, port: somePort() }));
  for (let i = 0; i < CALLS; i++) {
    try {
      step();
    } catch (error) {
      if (!isDocumented(error)) fail('undocumented error', error);
    }
    if (i % 5 === 0) await turn();
  }
  for (const server of servers) server.close();
  for (const socket of sockets) socket.resume().destroy();
  while (descriptors() > before) {
    for (const socket of sockets) socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log('done');
  process.exit(); // a lookup or a timer of a value that we have made may be left
}

void main();
