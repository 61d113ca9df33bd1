/** Memory of messages that changes while they wait: reported, and nothing else breaks. */
import { constants as os } from 'node:os';
import { once } from 'node:events';

import { fakedSocket, turn } from '../support/faked-socket';

const { EAGAIN } = os.errno;

/** On an ArrayBuffer of its own. */
function bytes(text: string): Buffer {
  return Buffer.from(new Uint8Array(Buffer.from(text)).buffer);
}

function detach(...views: Uint8Array[]): void {
  structuredClone(null, { transfer: views.map(({ buffer }) => buffer as ArrayBuffer) });
}

/** What is written with a callback waits as it is; other short messages are copied at once. */
const ignore = (): void => undefined;

/** A socket whose kernel has no room yet. */
function full(): ReturnType<typeof fakedSocket> {
  const pair = fakedSocket();
  pair.kernel.refuses = -EAGAIN;
  return pair;
}

/** Room again: what waits is sent. */
async function makeRoom(kernel: ReturnType<typeof fakedSocket>['kernel']): Promise<void> {
  kernel.refuses = 0;
  kernel.onWritable?.();
  await turn();
  await turn();
}

describe('detached while it waits', () => {
  test.each([
    ['the only one', ['x'], [0]],
    ['the first, and one behind it', ['x', 'b'], [0]],
    ['the one behind the first', ['a', 'x'], [1]],
    ['one of several behind the first', ['a', 'b', 'x', 'c', 'd'], [2]],
    ['all', ['x', 'x', 'x'], [0, 1, 2]],
  ])('%s: the others are sent, and the stream ends in order', async (_, texts, lost) => {
    const { socket, kernel } = full();
    await turn();
    const failed: number[] = [];
    socket.on('sendFailed', ({ cause, data }) => {
      expect(cause).toMatchObject({ code: 'EINVAL' });
      failed.push(data.length);
    });
    const messages = texts.map(bytes);
    for (const message of messages) socket.write(message, ignore);
    detach(...messages.filter((_message, index) => lost.includes(index)));
    await makeRoom(kernel);
    expect(kernel.sent).toEqual(texts.filter((text) => text !== 'x'));
    expect(failed).toEqual(lost.map(() => 0));
    expect([socket.writableLength, socket.writableNeedDrain]).toEqual([0, false]);
    socket.write('more');
    socket.end();
    await once(socket, 'finish');
    expect(kernel.sent.at(-1)).toBe('more');
    socket.resetAndDestroy(); // this kernel never ends an association
  });

  test('without a listener the socket is destroyed, as for any message that is refused', async () => {
    const { socket, kernel } = full();
    await turn();
    const error = once(socket, 'error');
    const messages = ['a', 'x'].map(bytes);
    for (const message of messages) socket.write(message, ignore);
    detach(messages[1] as Buffer);
    await makeRoom(kernel);
    expect((await error)[0]).toMatchObject({ code: 'EINVAL' });
  });

  test('its callback gets the error', async () => {
    const { socket, kernel } = full();
    await turn();
    socket.write('a');
    const message = bytes('x');
    const outcome = new Promise((resolve) => socket.send(message, {}, resolve));
    detach(message);
    await makeRoom(kernel);
    expect(await outcome).toMatchObject({ code: 'EINVAL' });
    expect([socket.destroyed, socket.writableLength]).toEqual([false, 0]);
    socket.destroy();
  });
});

describe('on memory that shrinks', () => {
  type Resizable = ArrayBuffer & { resize(length: number): void };
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => Resizable;

  test.each([
    ['a view that follows the size', (memory: ArrayBuffer) => new Uint8Array(memory)],
    ['a view of fixed length', (memory: ArrayBuffer) => new Uint8Array(memory, 0, 4)],
    ['a Buffer', (memory: ArrayBuffer) => Buffer.from(memory)],
    ['a DataView', (memory: ArrayBuffer) => new DataView(memory)],
  ])('%s: what was written is sent', async (_, viewOf) => {
    const { socket, kernel } = full();
    await turn();
    socket.write('a');
    const memory = new Resizable(4, { maxByteLength: 8 });
    new Uint8Array(memory).set(Buffer.from('text'));
    socket.write(viewOf(memory));
    memory.resize(0);
    await makeRoom(kernel);
    expect(kernel.sent).toEqual(['a', 'text']);
    expect(socket.writableLength).toBe(0);
    socket.destroy();
  });
});
