/** `relay`: from SCTP to SCTP, and between SCTP and TCP. */
import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import type { Server as TcpServer, Socket as TcpSocket } from 'node:net';
import { pipeline } from 'node:stream/promises';

import { connect, createServer } from '../../net';
import type { Server } from '../../server/server';
import type { Socket } from '../../socket/socket';
import { command } from '../command';
import type { Io } from '../io';
import { UsageError } from '../usage-error';
import { hostAndPort, integer, type HostAndPort } from '../values';

interface End extends HostAndPort {
  readonly protocol: 'sctp' | 'tcp';
}

type Side = Socket | TcpSocket;

export const relay = command({
  name: 'relay',
  summary: 'pass messages on, from SCTP to SCTP or TCP and back',
  operands: ['FROM', 'TO'],
  description: [
    'FROM is where it listens, sctp:PORT or tcp:PORT; TO is where it connects for each peer, ' +
      'sctp:HOST:PORT or tcp:HOST:PORT. Between SCTP and SCTP each message keeps its boundaries, ' +
      'stream, PPID and order. TCP has none of these: there messages become bytes, and bytes messages ' +
      'of what is there.',
    'SCTP has no half-open state: when one side ends, so does the other.',
  ],
  options: {
    bind: {
      type: 'string',
      short: 'b',
      multiple: true,
      value: 'ADDRESS',
      help: 'A numeric address to listen at; again for several, with SCTP.',
    },
  },
  examples: [
    'kernel-sctp relay sctp:2905 sctp:192.0.2.10:2905',
    'kernel-sctp relay tcp:3868 sctp:192.0.2.10:3868',
  ],
  statuses: { 1: 'if it could not listen' },
  async run({ io, values, operands: [from = '', to = ''] }) {
    const source = /^(sctp|tcp):(\d+)$/.exec(from);
    if (!source) throw new UsageError(`'${from}' is not sctp:PORT or tcp:PORT`);
    const port = integer(source[2] ?? '', 'the port of FROM', 0, 65_535);
    const target = endOf(to);
    const sides = new Set<Side>();
    const onPeer = (near: Side): void => {
      void passOn(near, target, sides, io);
    };
    const { bind } = values;
    const server =
      source[1] === 'sctp' ? listenSctp(port, bind, onPeer) : listenTcp(port, bind, onPeer);
    await once(server, 'listening');
    io.note(`listening on port ${String((server.address() as { port: number }).port)}`);
    if (!io.interrupted.aborted) await once(io.interrupted, 'abort');
    server.close();
    for (const side of sides) side.end();
    return 0;
  },
});

function endOf(text: string): End {
  const [, protocol, rest = ''] = /^(sctp|tcp):(.*)$/.exec(text) ?? [];
  if (protocol === undefined)
    throw new UsageError(`'${text}' is not sctp:HOST:PORT or tcp:HOST:PORT`);
  return { protocol: protocol as End['protocol'], ...hostAndPort(rest) };
}

function listenSctp(
  port: number,
  bind: string[] | undefined,
  onPeer: (near: Side) => void,
): Server {
  const server = createServer({ pauseOnConnect: true }, onPeer);
  return server.listen({ port, ...(bind && { localAddresses: bind }) });
}

function listenTcp(
  port: number,
  bind: string[] | undefined,
  onPeer: (near: Side) => void,
): TcpServer {
  if (bind !== undefined && bind.length > 1) throw new UsageError('TCP listens at one address');
  const server = createTcpServer({ pauseOnConnect: true }, onPeer);
  return server.listen({ port, ...(bind && { host: bind[0] }) });
}

/** A stream's own words for it are about streams. */
function describeEnd({ code, message }: NodeJS.ErrnoException): string {
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE') return message;
  return 'one side was closed before it had ended, so both are';
}

/** Nothing is read before the far side is there. */
async function passOn(
  near: Side,
  { protocol, host, port }: End,
  sides: Set<Side>,
  io: Io,
): Promise<void> {
  const name = `${near.remoteAddress ?? '?'}:${String(near.remotePort ?? 0)}`;
  sides.add(near);
  const far = protocol === 'sctp' ? connect({ host, port }) : connectTcp({ host, port });
  sides.add(far);
  try {
    near.on('error', () => far.destroy());
    await once(far, 'connect');
    io.remark(`${name}: relayed`);
    await Promise.all([pipeline(near, far), pipeline(far, near)]);
  } catch (error) {
    io.note(`${name}: ${describeEnd(error as NodeJS.ErrnoException)}`);
    near.destroy();
    far.destroy();
  } finally {
    sides.delete(near);
    sides.delete(far);
  }
}
