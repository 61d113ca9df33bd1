/**
 * A client on a host of its own, for tests to tell what it does: connects as its argument says, and
 * prints each event as a line of JSON. What comes on stdin is written; "end" ends.
 */
import { createInterface } from 'node:readline';

import { connect, type ConnectOptions } from 'kernel-sctp';

const options = JSON.parse(process.argv[2] ?? '{}') as ConnectOptions;

function print(event: string, about: object = {}): void {
  console.log(JSON.stringify({ event, ...about }));
}

const socket = connect(options);
socket.on('connect', () => {
  print('connect', { localPort: socket.localPort });
});
socket.on('notification', (notification) => {
  const { type, interpreted, parsed } = notification;
  const { state, address } = notification as { state?: string; address?: object };
  print('notification', { type, state, address, interpreted, parsed });
});
socket.on('sendFailed', ({ data, context, sent }) => {
  print('sendFailed', { length: data.length, context, sent });
});
socket.on('restart', (info) => {
  print('restart', { ...info, OS: socket.OS, MIS: socket.MIS });
});
socket.on('stalled', (info) => {
  print('stalled', info);
});
socket.on('recovered', () => {
  print('recovered');
});
socket.on('data', (data) => {
  print('data', { text: String(data) });
});
socket.on('error', ({ message }) => {
  print('error', { message });
});
socket.on('close', () => {
  print('close');
  process.exit(0);
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as { text?: string; context?: number; end?: boolean };
  if (command.end === true) socket.end();
  else socket.send(Buffer.from(command.text ?? ''), { context: command.context ?? 0 });
});
