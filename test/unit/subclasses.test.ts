/** What programs may do to the class Socket: derive from it in every way, patch it, listen early. */
import { EventEmitter, once } from 'node:events';
import { inherits } from 'node:util';

import { connect, Socket } from 'kernel-sctp';

test('a subclass may have a _construct of its own, which Node listens for early', async () => {
  const order: string[] = [];
  class Late extends Socket {
    override _construct(callback: () => void): void {
      order.push('construct');
      callback();
    }
  }
  const socket = new Late();
  socket.destroy();
  await once(socket, 'close');
  expect(order).toEqual(['construct']);
});

test('objects of the old style may listen before the constructor has run', () => {
  interface Old extends Socket {
    heard: string[];
  }
  function Old(this: Old): void {
    this.heard = [];
    for (const event of ['error', 'close', 'message', 'path']) {
      EventEmitter.prototype.on.call(this, event, () => this.heard.push(event));
      this.on(event, () => undefined);
    }
    this.removeListener('close', () => undefined);
    (Socket as unknown as (this: Old) => void).call(this);
  }
  inherits(Old, Socket);
  const old = new (Old as unknown as new () => Old)();
  expect(old).toBeInstanceOf(Socket);
  expect(old.listenerCount('path')).toBe(2);
  old.emit('path', {} as never);
  expect(old.heard).toEqual(['path']);
});

test('names of its own collide with nothing of ours', async () => {
  const names = ['core', 'reading', 'deliver', 'sink', '_onListeners', '_writeMessage', 'onUp'];
  class Own extends Socket {}
  for (const name of names) {
    Object.defineProperty(Own.prototype, name, {
      get() {
        throw new Error(`${name} is not ours`);
      },
    });
  }
  const socket = new Own();
  const errors: unknown[] = [];
  socket.on('path', () => undefined).on('message', () => undefined);
  socket.on('error', (error) => errors.push(error));
  socket.write('nowhere to go');
  expect(socket.readAheadBytes).toBe(0);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(errors).toMatchObject([{ code: 'ERR_SOCKET_CLOSED' }]);
});

test('connect() goes through the method of the prototype, which may be patched', () => {
  const { prototype } = Socket;
  const original = Object.getOwnPropertyDescriptor(prototype, 'connect');
  const calls: unknown[] = [];
  try {
    prototype.connect = function (this: Socket, ...args: unknown[]) {
      calls.push(args.length);
      return this;
    };
    connect(1, '127.0.0.1').destroy();
  } finally {
    Object.defineProperty(prototype, 'connect', original as PropertyDescriptor);
  }
  expect(calls).toEqual([1]);
});

test("a bad write is thrown though somebody listens for 'unpipe'", () => {
  const socket = new Socket();
  socket.on('unpipe', () => undefined);
  const chunk = Object.assign(Buffer.from('x'), { sid: 70_000 });
  expect(() => socket.write(chunk)).toThrow(RangeError);
  expect(socket.destroyed).toBe(false);
});
