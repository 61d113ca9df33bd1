/** Transfers of every size in one situation, and what the kernel counted meanwhile. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { ServerOptions } from 'kernel-sctp';

import { type Program, projectRoot, start } from '../support/child';
import { twoHosts } from '../support/namespaces';
import { combined, type Counters } from './counters';
import type { Transfer } from './end';

export interface Situation {
  /** One host, with packets of 64 KiB; or two, with packets of 1500 bytes. */
  place: 'loopback' | 'network';
  /** Whether the processes have CAP_NET_ADMIN, which lifts the limits of their buffers. */
  privileged: boolean;
  ways: 1 | 2;
  streams: number;
  /** Instead of our own: python3, with this send buffer; 0 for the kernel's default. */
  pythonBuffer?: number;
  /** Of our receiving end; without it there are defaults. */
  options?: ServerOptions;
}

export interface Row {
  size: number;
  count: number;
  milliseconds: number;
  /** Not all has arrived within the time. */
  isUnfinished: boolean;
  /** Of both ends. */
  counters: Counters;
}

/** From one byte to 2 MiB, and what is around the sizes of packets, windows and buffers. */
export const everySize: readonly number[] = [
  ...[1, 10, 50, 100, 200, 500, 1000, 1400, 1452, 1500, 2000, 4000, 8000, 8193, 16_384, 20_000],
  ...[32_768, 50_000, 60_000, 65_000, 65_536, 70_000, 100_000, 131_072, 180_000, 212_992],
  ...[262_144, 400_000, 425_984, 524_288, 750_000, 1_048_576, 1_500_000, 2_097_152],
];

const TRANSFER_BYTES = 12_000_000;
const PATIENCE_MS = 20_000;
const UNPRIVILEGED = ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin'];

/** A process, and the dialogue that end.ts describes. */
class End {
  readonly #program: Program;
  readonly #answers: AsyncIterator<string>;

  constructor(prefix: readonly string[], command: readonly string[]) {
    const [file = '', ...args] = [...prefix, ...command];
    this.#program = start(file, args);
    const lines = createInterface({ input: this.#program.process.stdout });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  async do(command: Record<string, unknown>): Promise<unknown> {
    this.#program.say(JSON.stringify(command));
    const line = await this.#answers.next();
    if (line.done !== true) return (JSON.parse(line.value) as { answer?: unknown }).answer;
    throw new Error(`an end has failed: ${(await this.#program.ended).stderr}`);
  }

  async stop(): Promise<void> {
    this.#program.process.kill('SIGKILL');
    await this.#program.ended;
  }
}

/** @param onRow called for each size as soon as it is done; sizes that cannot be sent are left out */
export async function sweep(
  situation: Situation,
  sizes: readonly number[],
  onRow: (row: Row) => void = () => undefined,
): Promise<Row[]> {
  const privilege = situation.privileged ? [] : UNPRIVILEGED;
  const hosts = situation.place === 'network' ? await twoHosts() : undefined;
  const ours = [process.execPath, join(__dirname, 'end.js')];
  const python = join(projectRoot, 'test', 'stalls', 'end.py');
  const { pythonBuffer } = situation;
  const sender =
    pythonBuffer === undefined ? ours : ['/usr/bin/python3', python, String(pythonBuffer)];
  // Python's buffer is forced: what it is to show is our end.
  const senderPrivilege = pythonBuffer === undefined ? privilege : [];
  const begin = async (): Promise<Ends> => {
    const server = new End([...(hosts?.b.prefix ?? []), ...privilege], ours);
    const client = new End([...(hosts?.a.prefix ?? []), ...senderPrivilege], sender);
    const host = hosts ? '10.0.0.2' : '127.0.0.1';
    const { options } = situation;
    const port = await server.do({ do: 'listen', host, ...(options && { options }) });
    return { server, client, place: { host, port } };
  };
  const rows: Row[] = [];
  let ends = await begin();
  for (const size of sizes) {
    const row = await measure(situation, ends, size);
    if (row?.isUnfinished === true) {
      await Promise.all([ends.server.stop(), ends.client.stop()]);
      ends = await begin();
    } else {
      for (const end of [ends.client, ends.server]) await end.do({ do: 'close' });
    }
    if (!row) continue;
    rows.push(row);
    onRow(row);
  }
  await Promise.all([ends.server.stop(), ends.client.stop()]);
  return rows;
}

interface Ends {
  server: End;
  client: End;
  /** Where the server listens. */
  place: Record<string, unknown>;
}

async function measure(
  { place, ways, streams }: Situation,
  { server, client, place: listening }: Ends,
  size: number,
): Promise<Row | undefined> {
  const longest = (await client.do({ do: 'connect', ...listening })) as number;
  if (size > longest) return undefined;
  const count = size <= 1000 ? 4000 : Math.max(12, Math.min(3000, TRANSFER_BYTES / size));
  const transfer: Transfer = {
    size,
    count: Math.ceil(count),
    streams,
    sends: true,
    receives: true,
  };
  const parts = [
    { end: server, transfer: { ...transfer, sends: ways === 2 } },
    { end: client, transfer: { ...transfer, receives: ways === 2 } },
  ];
  for (const part of parts) await part.end.do({ do: 'prepare', transfer: part.transfer });
  const began = performance.now();
  const done = Promise.all(
    parts.map((part) => part.end.do({ do: 'transfer', transfer: part.transfer })),
  );
  const isUnfinished = !(await within(PATIENCE_MS, done));
  const milliseconds = performance.now() - began;
  const [a, b] = isUnfinished ? [NOT_COUNTED, NOT_COUNTED] : ((await done) as Counters[]);
  // On one host both count the same.
  const counters =
    place === 'loopback'
      ? combined(a as Counters, b as Counters, Math.max)
      : combined(a as Counters, b as Counters, (x, y) => x + y);
  return { size, count: transfer.count, milliseconds, isUnfinished, counters };
}

const NOT_COUNTED: Counters = {
  T3RtxExpireds: NaN,
  DelaySackExpireds: NaN,
  InDataChunkDiscards: NaN,
  InPktDiscards: NaN,
};

async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  work.catch(() => undefined); // an end that is stopped
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
