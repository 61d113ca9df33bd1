/**
 * A program for a host of its own (see namespaces.ts): `node lost-before-long.js KIND LOST LONG`. One
 * end sends, on one stream, what makes the path's window grow; then a message of LOST bytes, all of
 * whose packets are lost; then, at once, one of LONG bytes. The other end, of this KIND, prints the
 * lengths of what it gets, and `changed` for a message whose bytes are others.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';

import { connect, createEndpoint, createServer, open, type Socket } from 'kernel-sctp';

const HOST = '127.0.0.1';
const [kind = '', lost = '', long = ''] = process.argv.slice(2);
const WARM_UP = 40;
const LENGTH = 6000;
/** Small, so that messages need not be long to be long for it. */
const sctp = { rcvBuf: 65_536 };

/** Packets of the loopback: as on a network, and late, so that much is under way. */
function shape(...words: string[]): void {
  const discipline = ['netem', 'delay', '20ms', ...words];
  execFileSync('tc', ['qdisc', 'replace', 'dev', 'lo', 'root', ...discipline]);
}

const bytesOf = (length: number): Buffer => Buffer.alloc(length, length % 251);

let warm = 0;
let onWarm = (): void => undefined;

function got(data: Buffer): void {
  if (data.length === LENGTH && ++warm < WARM_UP) return;
  if (data.length === LENGTH) onWarm();
  else console.log(data.equals(bytesOf(data.length)) ? data.length : 'changed');
}

/** What a byte stream carries is told apart by its bytes. */
function gotBytes(data: Buffer): void {
  for (let start = 0; start < data.length;) {
    const value = data[start] as number;
    let end = start;
    while (end < data.length && data[end] === value) end++;
    const bytes = end - start;
    start = end;
    if (value === LENGTH % 251) {
      warm += bytes;
      if (warm === WARM_UP * LENGTH) onWarm();
    } else {
      console.log(`${String(bytes)} bytes of ${String(value)}`);
    }
  }
}

/** @returns the port where the receiver of this kind is */
async function receive(): Promise<number> {
  if (kind === 'open') {
    const handle = open({ host: HOST, port: 0, maxMessageSize: 1_000_000, sctp }, (result) => {
      if (typeof result === 'string') throw new Error(result);
      got(result[0]);
    });
    return handle.address().port;
  }
  if (kind === 'endpoint' || kind === 'peeled off') {
    const endpoint = createEndpoint({ sctp });
    endpoint.on('association', (association) => {
      if (kind === 'endpoint') association.on('message', got);
      else association.peelOff().on('data', got);
    });
    endpoint.listen({ host: HOST });
    await once(endpoint, 'listening');
    return endpoint.address()?.port as number;
  }
  const byteStream = kind === 'byteStream';
  const server = createServer({ byteStream, sctp }, (socket: Socket) => {
    socket.on('data', byteStream ? gotBytes : got);
  });
  server.listen({ host: HOST });
  await once(server, 'listening');
  return server.address()?.port as number;
}

async function main(): Promise<void> {
  shape();
  const port = await receive();
  const sender = connect({
    ...{ host: HOST, port, byteStream: kind === 'byteStream' },
    // What is lost must not be sent again before the long one is.
    sctp: { rtoInfo: { initial: 3000, min: 3000 } },
  });
  await once(sender, 'connect');
  const isWarm = new Promise<void>((resolve) => (onWarm = resolve));
  for (let i = 0; i < WARM_UP; i++) sender.write(bytesOf(LENGTH));
  await isWarm;
  await sender.dry();
  shape('loss', '100%');
  await new Promise((resolve) => sender.write(bytesOf(Number(lost)), resolve));
  shape();
  sender.write(bytesOf(Number(long)));
}

void main();
