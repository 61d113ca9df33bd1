/** Every way to read a Socket, as a table: suites run over it. */
import { once } from 'node:events';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import type { Socket } from 'kernel-sctp';

/** Called with each thing that was read: a Buffer, a string after setEncoding, a Uint8Array. */
export type Take = (chunk: unknown) => void;

export interface Style {
  name: string;
  /** Whether what it reads are the Buffers themselves, with sid, ppid and the like. */
  keepsBuffers: boolean;
  /** Whether `setEncoding` has a meaning. */
  decodes: boolean;
  /** A stream in between holds messages, which an error takes along: Node's way, not ours. */
  losesOnError?: boolean;
  /** Reads until the end; rejects with the socket's error. */
  read(socket: Socket, take: Take): Promise<void>;
}

/** Like once(socket, 'end'), but also if there are no more events to come. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readableEnded) resolve();
    socket.once('end', resolve);
    socket.once('error', reject);
  });
}

function slowSink(take: Take, options: object): Writable {
  return new Writable({
    ...options,
    write(chunk: unknown, _encoding, callback) {
      take(chunk);
      setImmediate(callback);
    },
  });
}

/** `pipe` does not report an error to its destination, so that what it holds can be written. */
async function pipe(socket: Socket, sink: Writable): Promise<void> {
  let failure: Error | undefined;
  socket.once('error', (error) => {
    failure = error;
    sink.end();
  });
  socket.pipe(sink);
  await once(sink, 'finish');
  if (failure) throw failure;
}

async function takeAll(web: ReadableStream, take: Take): Promise<void> {
  for await (const chunk of web) take(chunk);
}

const buffers = { keepsBuffers: true, decodes: true };
const copies = { keepsBuffers: false, decodes: false, losesOnError: true };

export const styles: readonly Style[] = [
  {
    ...buffers,
    name: "'data'",
    read: (socket, take) => {
      socket.on('data', take);
      return ended(socket);
    },
  },
  {
    ...buffers,
    decodes: false,
    name: "'message'",
    read: (socket, take) => {
      socket.on('message', take);
      return ended(socket);
    },
  },
  {
    ...buffers,
    name: "'data' with a pause after each",
    read: (socket, take) => {
      socket.on('data', (chunk) => {
        take(chunk);
        socket.pause();
        setImmediate(() => socket.resume());
      });
      return ended(socket);
    },
  },
  {
    ...buffers,
    decodes: false,
    name: "'message' with a pause after each",
    read: (socket, take) => {
      socket.on('message', (chunk) => {
        take(chunk);
        socket.pause();
        setImmediate(() => socket.resume());
      });
      return ended(socket);
    },
  },
  {
    ...buffers,
    name: "'readable' with read() until null",
    read: (socket, take) => {
      socket.on('readable', () => {
        for (let chunk: unknown; (chunk = socket.read()) !== null;) take(chunk);
      });
      return ended(socket);
    },
  },
  {
    ...buffers,
    name: "'readable' with one read() each",
    read: (socket, take) => {
      socket.on('readable', () => {
        const chunk: unknown = socket.read();
        if (chunk !== null) take(chunk);
      });
      return ended(socket);
    },
  },
  {
    ...buffers,
    name: "'readable' with read() later",
    read: (socket, take) => {
      socket.on('readable', () => {
        setImmediate(() => {
          for (let chunk: unknown; (chunk = socket.read()) !== null;) take(chunk);
        });
      });
      return ended(socket);
    },
  },
  {
    ...buffers,
    name: 'for await',
    read: async (socket, take) => {
      for await (const chunk of socket) take(chunk);
    },
  },
  {
    ...buffers,
    name: 'for await with a slow body',
    read: async (socket, take) => {
      for await (const chunk of socket) {
        take(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  },
  {
    ...buffers,
    name: 'pipe into an object-mode stream',
    read: async (socket, take) => {
      await pipe(socket, slowSink(take, { objectMode: true, highWaterMark: 2 }));
    },
  },
  {
    ...buffers,
    decodes: false,
    name: 'pipe into a byte stream',
    read: async (socket, take) => {
      await pipe(socket, slowSink(take, { highWaterMark: 1000 }));
    },
  },
  {
    ...buffers,
    losesOnError: true,
    name: 'pipeline',
    read: (socket, take) =>
      pipeline(socket, new PassThrough({ objectMode: true }), slowSink(take, { objectMode: true })),
  },
  {
    ...copies,
    name: 'Readable.toWeb',
    read: (socket, take) => takeAll(Readable.toWeb(socket), take),
  },
  {
    ...copies,
    name: 'Duplex.toWeb',
    read: (socket, take) => takeAll(Duplex.toWeb(socket).readable, take),
  },
];
