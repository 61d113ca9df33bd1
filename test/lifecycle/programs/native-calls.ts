/**
 * A program: calls all functions and the classes of sockets that the addon exports with any `this`,
 * any values and in any order. What it must not do is crash, hang, or throw anything but a TypeError
 * for a foreign `this`.
 */
import { join } from 'node:path';

import type {
  NativeBinding,
  NativeSeqpacketSocket,
  NativeStreamSocket,
} from '../../../types/native';
import { turn } from '../kit';
import { Hostile, isHostile, Random } from './random';

const path = join(process.cwd(), 'build', 'Release', 'kernel_sctp.node');
// eslint-disable-next-line @typescript-eslint/no-require-imports -- only require loads addons
const native = require(path) as NativeBinding;

type Anything = (...args: unknown[]) => unknown;
type AnySocket = NativeSeqpacketSocket & NativeStreamSocket;
type Constructor = new (...args: unknown[]) => AnySocket;

const CALLS = Number(process.env['CALLS'] ?? 6000);
const random = new Random();
const classes = Object.entries(native)
  .filter(
    ([name, value]) => typeof value === 'function' && /^(?:Seqpacket|Stream)Socket$/.test(name),
  )
  .map(([, value]) => value as unknown as Constructor);
const methodNames = classes.map(({ prototype }) =>
  Object.getOwnPropertyNames(prototype as object).filter((name) => name !== 'constructor'),
);

function fail(what: string, detail: unknown): never {
  console.log(what, detail);
  process.exit(1);
}

// --- A pool of sockets in every state ---

interface Entry {
  socket: AnySocket;
  class: number;
}

function create(): Entry {
  const index = random.below(classes.length);
  const Socket = classes[index] as Constructor;
  const kind = random.below(4);
  class Derived extends Socket {}
  const socket =
    kind === 0 ? new Derived(random.junk()) : new Socket(kind === 1 ? random.junk() : 100_000);
  if (random.chance(60)) {
    socket.open(4);
    socket.bind('127.0.0.1', 0);
    socket.listen(5);
    socket.watch(true, false);
  }
  return { socket, class: index };
}

const pool: Entry[] = Array.from({ length: 12 }, create);

/** Drops a socket, sometimes without closing it. */
function replace(index: number): void {
  const entry = pool[index] as Entry;
  if (random.chance(50)) entry.socket.close();
  else entry.socket.unref();
  pool[index] = create();
}

// --- Arguments: half plausible, half junk ---

const optionNames = Object.keys(native.optionFields);
const streamClass = classes.findIndex(({ name }) => name === 'StreamSocket');

/** Where somebody may listen. */
function somePort(): number {
  return random.pick(pool).socket.localAddress()?.port ?? random.below(65536);
}

function optionValues(name: string): unknown {
  const values: Record<string, unknown> = {};
  for (const field of native.optionFields[name] ?? []) {
    if (random.chance(30)) continue;
    values[field] = random.chance(80) ? random.integer() : random.junk();
    if (/address$|^value$/i.test(field) && random.chance(50)) {
      values[field] = { address: '127.0.0.1', family: 'IPv4', port: random.below(65536) };
    }
    if (random.chance(3)) {
      Object.defineProperty(values, field, {
        enumerable: true,
        get: () => {
          disturb(); // in the middle of a native method
          return random.integer();
        },
      });
    }
  }
  return values;
}

/** One that the socket has; or none, which is all a one-to-one socket needs. */
function someAssociation(socket: AnySocket): number {
  const ids = (socket as Partial<AnySocket>).associationIds?.();
  if (!Array.isArray(ids) || ids.length === 0) return random.below(6);
  return random.pick(ids);
}

function plausible(method: string, { socket, class: index }: Entry): unknown[] {
  const name = random.pick(optionNames);
  switch (method) {
    case 'open':
      return [random.pick([4, 6])];
    case 'bind':
      return [random.pick(['127.0.0.1', '::1', '::', '192.0.2.1']), random.pick([0, 0, 0, 70000])];
    case 'listen':
      return [random.pick([1, 5, 0, -1])];
    case 'setOption':
    case 'getOption':
      return [name, optionValues(name)];
    case 'getNumber':
      return [name, random.pick(['value', 'state', 'none', 1])];
    case 'watch':
      return [random.chance(70), random.chance(30)];
    case 'limitReads':
      return [random.pick([1, 2, 64, 65, 0])];
    case 'subscribe':
      return [
        [0x8000 + random.below(16)],
        random.chance(50),
        random.pick([undefined, someAssociation(socket)]),
      ];
    case 'bindMore':
    case 'unbind':
    case 'connect':
      return [random.pick([['127.0.0.1', somePort()], ['127.0.0.1', somePort(), '::1', 9], []])];
    case 'send': {
      const data = Buffer.alloc(random.pick([1, 100, 9000]));
      const numbers = Array.from({ length: 6 }, () => (random.chance(80) ? 0 : random.integer()));
      const place = ['127.0.0.1', somePort()];
      const named = random.chance(index === streamClass ? 20 : 60);
      const id = named ? 0 : someAssociation(socket);
      return [data, ...numbers, undefined, id, ...(named ? place : [])];
    }
    case 'abort':
      return [someAssociation(socket), ...(random.chance(50) ? [Buffer.from('reason')] : [])];
    case 'resetStreams':
      return [someAssociation(socket), random.below(4), random.pick([[], [0], [1, 65535]])];
    case 'addStreams':
      return [someAssociation(socket), random.below(3), random.below(3)];
    case 'peerAddress':
    case 'localAddresses':
    case 'peerAddresses':
    case 'peerPaths':
    case 'resetAssociation':
    case 'shutdown':
      return [someAssociation(socket)];
    default:
      return [];
  }
}

function argumentsFor(method: string, entry: Entry): unknown[] {
  if (random.chance(60))
    return plausible(method, entry).map((arg) => (random.chance(4) ? random.junk() : arg));
  return Array.from({ length: random.below(11) }, () => random.junk());
}

// --- Calls ---

/** Something that a callback or a getter may do while native code is at work. */
function disturb(): void {
  const index = random.below(pool.length);
  const { socket } = pool[index] as Entry;
  const deeds: ((() => unknown) | undefined)[] = [
    socket.close.bind(socket),
    socket.ref.bind(socket),
    socket.unref.bind(socket),
    socket.open.bind(socket, 4),
    socket.watch.bind(socket, true, true),
    socket.receive.bind(socket),
    () => socket.abort(someAssociation(socket)),
    () => socket.shutdown(someAssociation(socket)),
    replace.bind(null, index),
    globalThis.gc,
  ];
  random.pick(deeds)?.();
}

/** An accepted socket, which is open already, joins the others. */
function adopt(accepted: AnySocket): void {
  const index = random.below(pool.length);
  pool[index]?.socket.close();
  pool[index] = { socket: accepted, class: streamClass };
  accepted.watch(true, random.chance(20));
  if (random.chance(10)) disturb();
}

function setCallbacks(socket: AnySocket): void {
  const callbacks: Anything[] = [
    () => undefined,
    disturb,
    () => {
      throw new Hostile('thrown by a callback');
    },
    (count) => {
      native.rows[0] = count as number; // all read
    },
    () => {
      native.rows[0] = (native.rows[0] as number) + 1;
      throw new Hostile('thrown after one row');
    },
  ];
  const value = random.chance(70) ? random.pick(callbacks) : random.junk();
  Object.assign(socket, { [random.pick(['onBatch', 'onWritable', 'onAcceptError'])]: value });
  Object.assign(socket, { onAccept: random.chance(80) ? adopt : value });
}

function foreignThis({ socket, class: index }: Entry): unknown {
  const other = pool.find((entry) => entry.class !== index);
  return random.pick<unknown>([
    random.junk(),
    Object.create(Object.getPrototypeOf(socket) as object),
    Object.create(socket),
    Object.getPrototypeOf(socket),
    new Proxy(socket, {}),
    classes[index],
    native,
    other?.socket ?? {},
  ]);
}

function call(): void {
  const entry = random.pick(pool);
  const method = random.pick(methodNames[entry.class] as string[]);
  if (method === 'close' && random.chance(80)) return; // there is more to do with an open socket
  const callee = (entry.socket as unknown as Record<string, Anything>)[method] as Anything;
  const foreign = random.chance(15);
  const args = argumentsFor(method, entry);
  try {
    callee.apply(foreign ? foreignThis(entry) : entry.socket, args);
  } catch (error) {
    if (isHostile(error)) return;
    if (foreign && error instanceof TypeError && error.message === 'Illegal invocation') return;
    fail(`${foreign ? 'foreign ' : ''}${method}`, { error, args });
  }
  if (foreign) fail('a foreign this was accepted by', method);
}

function construct(): void {
  const Class = random.pick(classes) as unknown as Anything & Constructor;
  const args = [random.junk(), random.junk()];
  try {
    Class.apply(random.pick([undefined, {}, random.pick(pool).socket, random.junk()]), args);
    fail('called without new:', Class.name);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const socket = Reflect.construct(Class, args, random.pick([Class, Object, Map]));
  if (typeof socket !== 'object') fail('constructed', socket);
}

/** A free function: any `this` will do. */
function callRouteSource(): void {
  const args = random.chance(50)
    ? [random.pick(['127.0.0.1', '::1', '192.0.2.1', '::ffff:127.0.0.1']), random.below(65536)]
    : [random.junk(), random.junk()];
  (native.routeSource as Anything).apply(random.junk(), args);
}

async function main(): Promise<void> {
  console.log('seed', random.seed);
  process.on('uncaughtException', (error) => {
    if (!isHostile(error)) fail('uncaught', error);
  });
  for (let i = 0; i < CALLS; i++) {
    call();
    if (i % 7 === 0) setCallbacks(random.pick(pool).socket);
    if (i % 20 === 0) replace(random.below(pool.length));
    if (i % 50 === 0) construct();
    if (i % 50 === 0) (native.probe as Anything).apply(random.junk(), [random.junk()]);
    if (i % 20 === 0) callRouteSource();
    if (i % 20 === 0) await turn();
    if (i % 1000 === 0) globalThis.gc?.();
  }
  for (const { socket } of pool) socket.close();
  console.log('done');
}

void main();
