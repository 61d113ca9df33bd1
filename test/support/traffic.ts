/** Messages for tests to send, that can be reported apart. */
import type { Message, MessageInfo, Socket, SocketSendInfo } from 'kernel-sctp';

export interface Sending {
  data: Buffer;
  info: Required<Pick<SocketSendInfo, 'sid' | 'ppid'>>;
}

/** A message of this length, whose bytes say which one it is. */
export function numbered(number: number, length: number): Buffer {
  return Buffer.alloc(length, `<${String(number)}>`);
}

/** One message of each length. */
export function sendings(lengths: readonly number[]): Sending[] {
  return lengths.map((length, i) => ({
    data: numbered(i, length),
    info: { sid: i % 10, ppid: 2 ** 31 + i },
  }));
}

export function sendAll(socket: Socket, messages: readonly Sending[]): void {
  for (const { data, info } of messages) socket.send(data, info);
}

/** What a received Buffer says, in a form that tests can print. */
export function reported(chunk: unknown): MessageInfo {
  const { sid, ppid, unordered, context } = chunk as Message;
  return { sid, ppid, unordered, context };
}

/** Where the first difference is: a whole megabyte is nothing to print. */
export function expectSame(received: readonly unknown[], sent: readonly Uint8Array[]): void {
  const lengths = received.map((chunk) => (chunk as Uint8Array).length);
  expect(lengths).toEqual(sent.map(({ length }) => length));
  const damaged = sent.findIndex((data, i) => Buffer.compare(data, received[i] as Buffer) !== 0);
  expect(damaged).toBe(-1);
}
