/** One association on the command line: what stdin has goes out, what comes in is shown. */
import type { Readable } from 'node:stream';

import type { Message } from '../../../types/messages';
import { PPID } from '../../protocols/ppid';
import type { Socket } from '../../socket/socket';
import type { Io } from '../io';
import { formatted, messagesOf, type Format } from './format';

export interface ExchangeOptions {
  readonly format: Format;
  readonly json: boolean;
  /** Each message with its stream and PPID before it. */
  readonly verbose: boolean;
  /** What happens to the association, too. */
  readonly notifications: boolean;
  readonly send: { readonly sid?: number; readonly ppid?: number; readonly unordered?: boolean };
}

/** Shows messages and notifications until the association ends. @param peer names it */
export function show(socket: Socket, peer: string, io: Io, options: ExchangeOptions): void {
  if (options.notifications) {
    socket.on('notification', ({ type, interpreted }) => {
      if (options.json) io.print(JSON.stringify({ peer, notification: type, text: interpreted }));
      else io.remark(`${peer}: ${interpreted}`);
    });
  }
  socket.on('data', (message: Message) => {
    const output = options.json
      ? Buffer.from(`${JSON.stringify(asJson(message, peer))}\n`)
      : formatted(message, options.format);
    if (options.verbose && !options.json) io.remark(heading(message, peer));
    socket.pause();
    void io.write(output).then(() => socket.resume());
  });
}

/** Sends the messages of a stream, as fast as the peer takes them. */
export async function sendAll(
  input: AsyncIterable<Buffer | string>,
  socket: Socket,
  { format, send }: ExchangeOptions,
): Promise<void> {
  for await (const message of messagesOf(input, format)) {
    if (message.length === 0 || socket.destroyed) continue; // SCTP has no empty messages
    if (!socket.send(message, send)) await drained(socket);
  }
}

/** Answers every message with itself. */
export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** stdin as the messages of one association. */
export function inputOf(io: Io): AsyncIterable<Buffer | string> {
  return io.stdin as Readable;
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function asJson(message: Message, peer: string): object {
  const { sid, ppid, unordered } = message;
  return { peer, sid, ppid, unordered, bytes: message.length, hex: message.toString('hex') };
}

function heading(message: Message, peer: string): string {
  const { sid, ppid, unordered, length } = message;
  const name = (PPID as Readonly<Record<number, string | undefined>>)[ppid] ?? 'unassigned';
  const order = unordered ? ', unordered' : '';
  return `${peer}: ${String(length)} bytes, stream ${String(sid)}, PPID ${String(ppid)} (${name})${order}`;
}
