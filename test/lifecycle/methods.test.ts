/** Methods in any order and taken off their handle. */
import { type DatagramHandle, open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';
import { descriptors, HOST, turn } from './kit';

const ignore = (): void => undefined;

/** Every sequence of these words with the given length. */
function sequences<Word>(words: readonly Word[], length: number): Word[][] {
  if (length === 0) return [[]];
  return sequences(words, length - 1).flatMap((start) => words.map((word) => [...start, word]));
}

describeSctp('ref, unref and close', () => {
  test('in every order of four: no throw, and nothing is left open in the end', async () => {
    const before = descriptors();
    for (const names of sequences(['ref', 'unref', 'close'] as const, 4)) {
      const handle = open(HOST, 0, 1000, ignore);
      const opened = descriptors();
      for (const name of names) handle[name]();
      expect([names, descriptors()]).toEqual([names, opened - (names.includes('close') ? 1 : 0)]);
      handle.close();
    }
    await turn();
    expect(descriptors()).toBe(before);
  });

  test('a handle still sends and receives after every order of ref and unref', async () => {
    const inbox = new Inbox();
    const collector = closing(open(HOST, 0, 1000, inbox.onRecv));
    const handles: DatagramHandle[] = [];
    for (const names of sequences(['ref', 'unref'] as const, 4)) {
      const handle = closing(
        open(HOST, 0, 1000, ([data, host, port]) => {
          handle.send(data as Buffer, host as string, port as number); // an echo
        }),
      );
      for (const name of names) expect(handle[name]()).toBe(handle);
      handles.push(handle);
    }
    for (const handle of handles) {
      collector.send(Buffer.from('x'), HOST, handle.address().port);
    }
    const ports = (await inbox.waitForMessages(handles.length)).map(({ port }) => port);
    expect(ports.sort()).toEqual(handles.map((handle) => handle.address().port).sort());
  });
});

describeSctp('const { send, close, … } = open(…)', () => {
  test('every method works without its handle', async () => {
    const before = descriptors();
    const inbox = new Inbox();
    const { send, close, address, ref, unref, getOption, setOption } = open(
      HOST,
      0,
      1000,
      inbox.onRecv,
    );
    expect(unref()).toBe(ref());
    setOption('noDelay', false);
    expect(getOption('noDelay')).toBe(false);
    expect(send(Buffer.from('to myself'), HOST, address().port)).toBe(9);
    expect((await inbox.nextMessage()).data.toString()).toBe('to myself');
    close();
    expect(descriptors()).toBe(before);
    expectThrow(() => send(Buffer.from('x'), HOST, 9), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
  });

  test.each([undefined, null, 5, {}, [], Symbol('this'), new Proxy({}, {})])(
    'with %p as this',
    (self) => {
      const handle = closing(open(HOST, 0, 1000, ignore));
      const { address, close } = handle as unknown as Record<string, () => unknown>;
      expect(address?.call(self)).toEqual(handle.address());
      close?.call(self);
      expectThrow(() => handle.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    },
  );

  test('a method of one handle stays with it when called on another', () => {
    const a = closing(open(HOST, 0, 1000, ignore));
    const b = closing(open(HOST, 0, 1000, ignore));
    a.close.call(b);
    expectThrow(() => a.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    expect(b.address().port).toBeGreaterThan(0);
  });
});
