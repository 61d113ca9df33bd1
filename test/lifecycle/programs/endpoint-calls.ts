/**
 * A program: calls the API of endpoints with random values. What it must not do is crash, hang,
 * throw an error without a documented code, or keep a descriptor.
 */
import { createEndpoint, type Endpoint, type EndpointAssociation } from 'kernel-sctp';

import { descriptors, HOST, openPair, turn } from '../kit';
import { isHostile, Random } from './random';

type Anything = (...args: unknown[]) => unknown;

const CALLS = Number(process.env['CALLS'] ?? 2000);
const MOST = 8;
const random = new Random();

function fail(what: string, detail: unknown): never {
  console.log(what, detail);
  process.exit(1);
}

/** Whether an error is one that the documentation names. */
function isDocumented(error: unknown): boolean {
  if (isHostile(error)) return true;
  if (!(error instanceof Error)) return false;
  const { code = '', syscall, errno } = error as NodeJS.ErrnoException;
  if (error instanceof TypeError || error instanceof RangeError) return /^ERR_[A-Z_]+$/.test(code);
  return code.startsWith('ERR_SCTP_') || (syscall !== undefined && (errno ?? 0) < 0);
}

function or(percent: number, plausible: unknown): unknown {
  return random.chance(percent) ? random.junk() : plausible;
}

function object(percent: number, fields: Record<string, unknown>): unknown {
  const chosen = Object.entries(fields).filter(() => random.chance(40));
  return or(percent, Object.fromEntries(chosen.map(([name, value]) => [name, or(10, value)])));
}

const endpoints: Endpoint[] = [];
const associations: EndpointAssociation[] = [];
const sockets = new Set<{ destroy(): unknown }>();

function made(options?: unknown): void {
  const endpoint = (createEndpoint as Anything)(options) as Endpoint;
  endpoint.on('association', (association) => {
    associations.push(association);
    if (associations.length > 50) associations.shift();
    if (random.chance(70)) association.on('message', throwAtTimes);
  });
  endpoint.on('error', () => undefined);
  endpoints.push(endpoint);
}

function throwAtTimes(): void {
  if (random.chance(3)) throw new Error('thrown by a listener');
}

function openOne(): void {
  made(
    object(5, {
      maxAssociations: random.integer(),
      autoClose: random.integer(),
      highWaterMark: random.integer(),
      writableHighWaterMark: random.integer(),
      sendBufferLimit: random.integer(),
      totalSendBufferLimit: random.integer(),
      maxMessageSize: random.integer(),
      closeTimeout: 1 + random.below(30_000),
      stallTimeout: random.integer(),
      OS: random.integer(),
      MIS: random.integer(),
      copy: random.chance(50),
      [random.pick(['hots', 'constructor'])]: 1,
    }),
  );
}

const RTO = { initial: 300, min: 200, max: 4000 };

function callEndpoint(endpoint: Endpoint): unknown {
  const port = random.pick(endpoints).address()?.port ?? 9;
  const place = { host: HOST, port, connectTimeout: 1 + random.below(2000) };
  const calls: Record<string, () => unknown> = {
    connect: () => (endpoint.connect as Anything)(or(5, object(2, { ...place, OS: 5 }))),
    reach: () => endpoint.connect(place),
    listen: () => (endpoint.listen as Anything)(or(20, { host: or(10, HOST), port: or(10, 0) })),
    bind: () => (endpoint.bind as Anything)(or(20, { host: or(10, HOST) })),
    sendAll: () => (endpoint.sendAll as Anything)(or(10, Buffer.alloc(random.below(5000)))),
    pause: () => endpoint.pause(),
    resume: () => endpoint.resume(),
    setOption: () => (endpoint.setOption as Anything)(or(10, 'rtoInfo'), or(10, RTO)),
    getOption: () => (endpoint.getOption as Anything)(or(10, 'rtoInfo'), or(50, {})),
    find: () => (endpoint.associationWith as Anything)(or(10, { address: HOST, port })),
    address: () => endpoint.address(),
    unref: () => endpoint.unref().ref(),
  };
  return calls[random.pick([...Object.keys(calls), 'reach', 'reach', 'resume'])]?.();
}

function callAssociation(association: EndpointAssociation): unknown {
  const info = {
    sid: random.below(12),
    ppid: random.integer(),
    unordered: random.chance(50),
    address: random.pick([HOST, '127.0.0.2']),
    eof: random.chance(5),
    abort: random.chance(5),
  };
  const data = Buffer.alloc(random.pick([0, 1, 100, 8192, 70_000, 300_000]));
  const send = (): unknown => (association.send as Anything)(or(5, data), object(5, info));
  const calls: Record<string, () => unknown> = {
    send,
    again: send,
    more: send,
    pause: () => association.pause(),
    resume: () => association.resume(),
    status: () => association.status(),
    stats: () => association.stats(),
    paths: () => association.paths,
    dry: () => association.dry(),
    setOption: () => (association.setOption as Anything)(or(10, 'rtoInfo'), or(10, RTO)),
    primary: () => (association.setPrimary as Anything)(or(10, HOST)),
    resetStreams: () => (association.resetStreams as Anything)(object(10, { outgoing: [1, 2] })),
    addStreams: () => (association.addStreams as Anything)(object(10, { outgoing: 2 })),
    shutdown: () => association.shutdown(),
    abort: () => (association.abort as Anything)(or(20, 'enough')),
    peelOff: () => {
      const socket = association.peelOff();
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      setTimeout(() => socket.destroy(), 200);
    },
  };
  return calls[random.pick(Object.keys(calls))]?.();
}

/** Errors of calls, and of their Promises. */
function check(call: () => unknown): void {
  const onError = (error: unknown): void => {
    if (!isDocumented(error)) fail('undocumented error', error);
  };
  try {
    const result = call();
    if (result instanceof Promise) result.catch(onError);
  } catch (error) {
    onError(error);
  }
}

async function closeOne(): Promise<void> {
  const [endpoint] = endpoints.splice(1 + random.below(endpoints.length - 1), 1);
  if (endpoint === undefined) return;
  if (random.chance(50)) endpoint.destroy();
  // A peer that is paused keeps an end in order waiting.
  else void endpoint.close().catch((error: unknown) => fail('close', error));
  await turn();
  check(() => endpoint.listen());
}

async function main(): Promise<void> {
  console.log('seed', random.seed);
  process.on('uncaughtException', (error) => {
    if (error.message !== 'thrown by a listener' && !isHostile(error)) fail('uncaught', error);
  });
  (await openPair(() => undefined)).close();
  await turn();
  const before = descriptors();
  made();
  endpoints[0]?.listen({ host: HOST });
  for (let i = 0; i < CALLS; i++) {
    if (i % 10 === 0) check(openOne);
    else if (random.chance(50) && associations.length > 0) {
      check(() => callAssociation(random.pick(associations)));
    } else check(() => callEndpoint(random.pick(endpoints)));
    if (endpoints.length > MOST) await closeOne();
    if (i % 10 === 0) await turn();
  }
  for (const endpoint of endpoints) endpoint.destroy();
  for (const association of associations)
    check(() => {
      association.abort();
    });
  for (const socket of sockets) socket.destroy();
  while (descriptors() > before) await new Promise((resolve) => setTimeout(resolve, 500));
  console.log('done');
}

void main();
