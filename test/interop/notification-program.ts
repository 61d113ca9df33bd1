/**
 * A client on a host of its own, for tests to report what it does: connects as its argument says, and
 * prints each event as a line of JSON. It obeys the commands that come on stdin.
 */
import { createInterface } from 'node:readline';

import { connect, type ConnectOptions } from 'kernel-sctp';

import type { Command } from './notified-program';

const { options, quiet } = JSON.parse(process.argv[2] ?? '{}') as {
  options: ConnectOptions;
  quiet: boolean;
};

function print(event: string, about: object = {}): void {
  console.log(JSON.stringify({ event, ...about }));
}

const socket = connect(options);
socket.on('connect', () => {
  print('connect', { localPort: socket.localPort });
});
if (!quiet) {
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
}
socket.on('stalled', (info) => {
  print('stalled', info);
});
socket.on('recovered', () => {
  print('recovered');
});
socket.on('data', (data) => {
  print('data', { text: String(data) });
});
socket.on('error', ({ message, code }: NodeJS.ErrnoException) => {
  print('error', { message, code });
});
socket.on('close', () => {
  print('close');
  process.exit(0);
});

function obey({ text, context = 0, dry, written, end }: Command): void {
  if (text !== undefined) socket.send(Buffer.from(text), { context });
  if (written === true)
    socket.write('', () => {
      print('answer');
    });
  if (dry === true) {
    print('answer', { waiting: socket.writableLength });
    socket.dry().then(
      () => {
        print('dry', {});
      },
      (error: unknown) => {
        print('dry', { code: (error as NodeJS.ErrnoException).code });
      },
    );
  }
  if (end === true) socket.end();
}

createInterface({ input: process.stdin }).on('line', (line) => {
  obey(JSON.parse(line) as Command);
});
