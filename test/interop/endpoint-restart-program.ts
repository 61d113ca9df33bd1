/**
 * Two endpoints on one host whose loopback can be cut: an association ends unheard on one side, which
 * begins another from the same port. Prints a line of JSON: what the other side has met.
 */
import { execFileSync } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import {
  type AssociationEnd,
  createEndpoint,
  type DiagnosticsMessages,
  type EndpointAssociation,
} from 'kernel-sctp';

import { keepBusy } from '../support/busy';

const HOST = '127.0.0.1';
const WAITING = 40;
const isHeard = process.argv[2] !== 'unheard';
/** The program does something else while the peer restarts. */
const isBusy = process.argv[2] === 'busy';

function tc(...args: string[]): void {
  execFileSync('tc', ['qdisc', ...args]);
}

/** Whether an association of this host has: one that takes nothing gets it. */
function hasOwnDescriptor(): boolean {
  const [, ...rows] = readFileSync('/proc/net/sctp/assocs', 'latin1').trim().split('\n');
  return rows.some((row) => row.trim().split(/\s+/)[2] === '1');
}

async function main(): Promise<void> {
  // So little room that some messages wait in the endpoint.
  const sctp = {
    sndBuf: 20_000,
    rtoInfo: { initial: 100, min: 100, max: 200 },
    assocInfo: { asocMaxRxt: 100 }, // it lives on, however long the machine takes
  };
  const server = createEndpoint({ sctp }).listen({ host: HOST });
  const client = createEndpoint({ sctp }).bind({ host: HOST });
  const { port } = server.address() as { port: number };
  const begun = once(server, 'association') as Promise<[EndpointAssociation]>;
  const near = await client.connect({ host: HOST, port });
  const [far] = await begun;
  const before = far.id;
  const events: unknown[] = [];
  let dry: unknown;
  let published: unknown;
  subscribe('kernel-sctp:association:restart', (message) => {
    const { association, ...streams } =
      message as DiagnosticsMessages['kernel-sctp:association:restart'];
    published = { isFar: association === far, ...streams };
  });
  if (isHeard) {
    far.on('restart', (streams) => events.push(['restart', streams]));
    far.on('sendFailed', ({ context, sent }) => events.push(['lost', context, sent]));
  }
  const ended = once(far, 'close') as Promise<[AssociationEnd]>;
  tc('add', 'dev', 'lo', 'root', 'netem', 'loss', '100%');
  for (let context = 1; context <= WAITING; context++) {
    far.send(Buffer.from(`old ${String(context)}`.padEnd(1000)), { context });
  }
  await new Promise(setImmediate);
  const waited = far.bufferedAmount;
  far.dry().catch((error: unknown) => (dry = (error as NodeJS.ErrnoException).code));
  if (isBusy) {
    while (!hasOwnDescriptor()) await new Promise(setImmediate);
  }
  near.abort(); // nobody hears it
  // Begun while nothing gets through: what is retransmitted to a host that knows of no association
  // would be answered with an ABORT, and there would be nothing to restart.
  const connecting = client.connect({ host: HOST, port, OS: 4 });
  // What is due by time comes first then, before anything is read.
  if (isBusy) await new Promise(setImmediate);
  tc('del', 'dev', 'lo', 'root');
  if (isBusy) keepBusy(1500); // longer than those that wait for room let it rest
  const again = await connecting;
  const over = ended.then(([{ reason, error }]) => {
    console.log(JSON.stringify({ reason, code: (error as NodeJS.ErrnoException).code }));
    process.exit();
  });
  if (!isHeard) await over;
  const texts: string[] = [];
  const answered = once(far, 'message') as Promise<[Buffer]>;
  again.on('message', (data) => texts.push(String(data).trimEnd()));
  again.send(Buffer.from('I am new'));
  const text = String((await answered)[0]);
  far.send(Buffer.from('welcome'));
  while (!texts.includes('welcome')) await once(again, 'message');
  const isSame = server.associations.length === 1 && server.associations[0] === far;
  const id = far.id === before;
  const result = { isSame, id, waited: waited > 0, dry, text, texts, events, published };
  console.log(JSON.stringify(result));
  process.exit();
}

void main();
