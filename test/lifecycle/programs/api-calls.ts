/**
 * A program: calls the public API with random values. What it must not do is crash, hang, throw an
 * error without a documented code, or keep a descriptor.
 */
import * as sctp from 'kernel-sctp';
import type { DatagramHandle } from 'kernel-sctp';

import { descriptors, HOST, openPair, turn } from '../kit';
import { isHostile, Random } from './random';

type Anything = (...args: unknown[]) => unknown;

const CALLS = Number(process.env['CALLS'] ?? 2000);
const random = new Random();
const ignore = (): void => undefined;

function fail(what: string, detail: unknown): never {
  console.log(what, detail);
  process.exit(1);
}

const ARGUMENT_CODES = [
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_INVALID_IP_ADDRESS',
  'ERR_OUT_OF_RANGE',
  'ERR_SOCKET_BAD_PORT',
];
const OTHER_CODES = [
  'ERR_SOCKET_DGRAM_NOT_RUNNING',
  'ERR_SCTP_MESSAGE_TOO_LARGE',
  'ERR_SCTP_SEND_BUFFER_FULL',
  'ERR_SCTP_TOO_MANY_ASSOCIATIONS',
  'ERR_SCTP_OPTION',
];

/** Whether an error is one that the documentation names. */
function isDocumented(error: unknown): boolean {
  if (isHostile(error)) return true;
  if (!(error instanceof Error)) return false;
  const { code, syscall, errno } = error as NodeJS.ErrnoException;
  if (error instanceof TypeError || error instanceof RangeError) {
    return ARGUMENT_CODES.includes(code ?? '');
  }
  return OTHER_CODES.includes(code ?? '') || (syscall !== undefined && (errno ?? 0) < 0);
}

// --- Arguments: each plausible or junk ---

function or(percent: number, plausible: unknown): unknown {
  return random.chance(percent) ? random.junk() : plausible;
}

function object(percent: number, fields: Record<string, unknown>): unknown {
  const chosen = Object.entries(fields).filter(() => random.chance(40));
  return or(percent, Object.fromEntries(chosen.map(([name, value]) => [name, or(15, value)])));
}

const pr = (): unknown =>
  object(10, { policy: random.pick(['none', 'ttl', 'rtx', 'prio']), value: random.integer() });

const address = (): unknown =>
  or(10, { address: random.pick([HOST, '::1', '192.0.2.1']), port: random.integer() });

const options: Record<string, () => unknown> = {
  reuseAddr: () => random.chance(50),
  v6Only: () => random.chance(50),
  sndBuf: () => Math.min(random.integer(), 2 ** 24),
  rcvBuf: () => Math.min(random.integer(), 2 ** 24),
  fragmentInterleave: () => random.chance(50),
  noDelay: () => random.chance(50),
  initMsg: () => object(10, { numOstreams: random.integer(), maxAttempts: random.integer() }),
  rtoInfo: () => object(10, { initial: random.integer(), min: random.below(2000), max: 3000 }),
  delayedSack: () => object(10, { delay: random.below(600), freq: random.integer() }),
  defaultSndInfo: () => object(10, { sid: random.integer(), ppid: random.integer() }),
  defaultPrInfo: pr,
  assocInfo: () => object(10, { asocMaxRxt: random.integer(), cookieLife: random.integer() }),
  peerAddrParams: () =>
    object(10, {
      address: address(),
      hbInterval: random.integer(),
      hbEnable: random.chance(50),
      pathMtu: random.below(70_000),
      pmtudEnable: random.chance(50),
      sackDelay: random.below(600),
      dscp: random.below(300),
    }),
  primaryAddr: address,
  status: () => random.junk(),
  peerAddrInfo: () => random.junk(),
  assocStats: () => random.junk(),
};
const optionNames = Object.keys(options);

function openOptions(): unknown {
  const name = random.pick(optionNames);
  return object(5, {
    host: random.pick(['127.0.0.1', '::1', '::', '0.0.0.0', '192.0.2.1']),
    port: random.pick([0, '0', 1, 65535, 65536]),
    maxMessageSize: random.integer(),
    unordered: random.chance(50),
    pr: pr(),
    sendBufferLimit: random.integer(),
    totalSendBufferLimit: random.integer(),
    maxAssociations: random.integer(),
    autoClose: random.integer(),
    copy: random.chance(50),
    sctp: or(5, { [name]: or(10, options[name]?.()) }),
    [random.pick(['hots', 'constructor'])]: 1,
  });
}

const handles: DatagramHandle[] = [];

function message(): unknown[] {
  const lengths = [0, 1, 100, 8192, 8193, 70_000, 300_000];
  const { port } = random.pick(handles).address();
  const info = { sid: random.below(12), ppid: random.integer(), pr: pr(), unordered: true };
  const args = [Buffer.alloc(random.pick(lengths)), HOST, port, object(10, info)];
  return args.map((arg) => or(7, arg)).slice(0, 2 + random.below(3));
}

function peer(): unknown[] {
  return [or(10, HOST), or(10, random.pick(handles).address().port)];
}

// --- Calls ---

function openOne(): void {
  const onRecv = (): void => {
    if (random.chance(5)) throw new Error('thrown by onRecv');
    if (random.chance(5)) random.pick(handles).unref().ref();
  };
  const args = random.chance(70)
    ? [openOptions(), or(3, onRecv)]
    : [or(10, HOST), or(10, 0), or(10, 1 + random.below(100_000)), or(3, onRecv)];
  const handle = (sctp.open as Anything)(...args) as DatagramHandle;
  handles.push(handle);
}

function callHandle(handle: DatagramHandle): void {
  const name = random.pick(optionNames);
  const calls: Record<string, () => unknown> = {
    send: () => (handle.send as Anything)(...message()),
    setOption: () => (handle.setOption as Anything)(or(10, name), or(10, options[name]?.())),
    getOption: () => {
      const args = [or(10, name), or(50, object(5, { address: address() }))];
      return (handle.getOption as Anything)(...args.slice(0, 1 + random.below(2)));
    },
    abort: () => (handle.abort as Anything)(...peer(), or(50, 'enough')),
    shutdown: () => {
      ((handle.shutdown as Anything)(...peer()) as Promise<boolean>).catch((error: unknown) => {
        if (!isDocumented(error)) fail('undocumented error', error);
      });
    },
    associations: () => handle.associations(),
    address: () => (handle.address as Anything)(random.junk()),
    ref: () => (handle.ref as Anything)(random.junk()),
    unref: () => (handle.unref as Anything)(random.junk()),
    inspect: () => handle,
  };
  const weights = ['send', 'send', 'send', 'setOption', ...Object.keys(calls)];
  calls[random.pick(weights)]?.();
}

/** The index of a handle that may be used up; the first stays. */
function closeOne(): void {
  if (handles.length < 2) return;
  const [handle] = handles.splice(1 + random.below(handles.length - 1), 1);
  (handle?.close as Anything)(random.junk());
  try {
    handle?.address();
    fail('not closed', handle);
  } catch (error) {
    if (!isDocumented(error)) throw error;
  }
}

/** close() waits up to 30 s for peers that never answer: let that be less. */
function shortenDeadlines(): void {
  const real = globalThis.setTimeout;
  const shortened = (call: () => void, ms?: number): NodeJS.Timeout => real(call, ms && ms / 100);
  globalThis.setTimeout = shortened as typeof real;
}

async function main(): Promise<void> {
  console.log('seed', random.seed);
  shortenDeadlines();
  process.on('uncaughtException', (error) => {
    if (error.message !== 'thrown by onRecv' && !isHostile(error)) fail('uncaught', error);
  });
  (await openPair(ignore)).close();
  await turn();
  const before = descriptors();
  handles.push(sctp.open(HOST, 0, 65536, ignore));
  for (let i = 0; i < CALLS; i++) {
    try {
      if (i % 5 === 0) openOne();
      else callHandle(random.pick(handles));
    } catch (error) {
      if (!isDocumented(error)) fail('undocumented error', error);
    }
    if (handles.length > 12) closeOne();
    if (i % 10 === 0) await turn();
  }
  for (const handle of handles) handle.close();
  // What still waits to be sent is sent, or given up, before a handle is gone.
  const closed = (): boolean => descriptors() <= before;
  while (!closed()) await new Promise((resolve) => setTimeout(resolve, 2000));
  console.log('done');
}

void main();
