/** `listen`: a server whose messages are on stdout, that echoes, or that runs a program for each peer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';

import { createServer } from '../../net';
import type { Socket } from '../../socket/socket';
import { command } from '../command';
import type { Io } from '../io';
import { echo, inputOf, sendAll, show, type ExchangeOptions } from '../messages/exchange';
import { formatted, messagesOf } from '../messages/format';
import {
  associationOptions,
  exchangeOptions,
  readExchangeOptions,
  readServerOptions,
} from '../messages/options';
import { UsageError } from '../usage-error';
import { integer } from '../values';

export const listen = command({
  name: 'listen',
  summary: 'wait for peers; print, echo, or hand their messages to a program',
  operands: ['PORT'],
  description: [
    'Accepts associations and prints their messages. What stdin has goes to the first peer that ' +
      'is there. Interrupt it (Ctrl-C) to end.',
  ],
  options: {
    ...exchangeOptions,
    ...associationOptions,
    echo: { type: 'boolean', short: 'e', help: 'Send each message back as it was.' },
    discard: { type: 'boolean', help: 'Read messages and drop them, for bench.' },
    exec: {
      type: 'string',
      value: 'COMMAND',
      help: 'Run a shell command for each association: messages on its stdin, answers on its stdout.',
    },
    once: { type: 'boolean', short: '1', help: 'End after the first association.' },
  },
  examples: [
    'kernel-sctp listen 7 --echo',
    'kernel-sctp listen 2905 --bind 192.0.2.1 --bind 198.51.100.1 -nv --format hex',
    "kernel-sctp listen 7000 --exec 'tr a-z A-Z'",
  ],
  statuses: { 1: 'if it could not listen' },
  async run({ io, values, operands: [port = ''] }) {
    const options = readExchangeOptions(values);
    const { echo: echoes = false, discard = false, exec, bind } = values;
    checkOneUse({ echo: echoes, discard, exec: exec !== undefined });
    const number = integer(port, 'PORT', 0, 65_535);
    const server = createServer(readServerOptions(values));
    const sockets = new Set<Socket>();
    const failed = new Failure();
    let hasPeer = false;
    server.on('connection', (socket) => {
      const peer = `${socket.remoteAddress ?? '?'}:${String(socket.remotePort ?? 0)}`;
      io.remark(`${peer}: connected`);
      socket.on('error', (error) => {
        io.note(`${peer}: ${error.message}`);
      });
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        io.remark(`${peer}: closed`);
      });
      io.interrupted.addEventListener('abort', () => socket.end());
      if (values.once === true) server.close();
      if (exec !== undefined) runFor(socket, peer, exec, io, options);
      else if (discard) socket.resume();
      else show(socket, peer, io, options);
      if (echoes) echo(socket);
      else if (exec === undefined && !hasPeer)
        sendAll(inputOf(io), socket, options).catch(failed.report);
      hasPeer = true;
    });
    server.listen({ port: number, ...(bind !== undefined && { localAddresses: bind }) });
    await once(server, 'listening');
    io.note(`listening on port ${String((server.address() as { port: number }).port)}`);
    io.interrupted.addEventListener('abort', () => server.close());
    try {
      await Promise.race([once(server, 'close'), failed.reported]);
      return 0;
    } finally {
      server.close();
      for (const socket of sockets) socket.destroy();
    }
  },
});

/** What becomes of messages. */
function checkOneUse(uses: Readonly<Record<string, boolean>>): void {
  const [one, other] = Object.keys(uses).filter((name) => uses[name]);
  if (other === undefined) return;
  throw new UsageError(`--${String(one)} and --${other} exclude each other`);
}

/** The first error of what runs beside the command: it ends it. */
class Failure {
  report!: (error: unknown) => void;
  readonly reported = new Promise<never>((_, reject) => {
    this.report = reject;
  });
}

/** The command sees the messages in the format that was asked for, and answers in it. */
function runFor(
  socket: Socket,
  peer: string,
  exec: string,
  io: Io,
  { format, send }: ExchangeOptions,
): void {
  const child = spawn(exec, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const input = new PassThrough();
  input.pipe(child.stdin);
  child.stdin.on('error', () => socket.end()); // it has ended without reading everything
  child.on('error', (error) => {
    io.note(`${peer}: ${error.message}`);
    socket.destroy();
  });
  socket.on('data', (message: Buffer) => {
    if (input.write(formatted(message, format))) return;
    socket.pause();
    input.once('drain', () => socket.resume());
  });
  socket.on('end', () => input.end());
  socket.on('close', () => child.kill());
  const answers = Readable.from(messagesOf(child.stdout, format));
  let late = 0;
  answers.on('data', (message: Buffer) => {
    if (!socket.writable) late++;
    else if (message.length > 0 && !socket.send(message, send)) wait();
  });
  const wait = (): void => {
    answers.pause();
    socket.once('drain', () => answers.resume());
  };
  answers.on('error', (error) => {
    io.note(`${peer}: ${error.message}`);
    socket.destroy();
  });
  answers.on('end', () => {
    // SCTP has no half-open state: nobody hears what is said after the peer's shutdown.
    if (late > 0) io.note(`${peer}: ${String(late)} answers came after the peer had ended`);
    socket.end();
  });
}
