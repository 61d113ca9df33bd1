/** `end(chunk)` sends its chunk as `write` would. */
import { once } from 'node:events';

import type { Message } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { bytesArrived } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

describeSctp('end with a chunk', () => {
  test('on its stream, with its identifier', async () => {
    const { client, peer } = await connectedPair();
    client.resume();
    const data = once(peer, 'data') as Promise<[Message]>;
    const finished = new Promise<void>((resolve) => {
      client.end(Object.assign(Buffer.from('bye'), { sid: 3, ppid: 46 }), resolve);
    });
    const [message] = await data;
    expect([String(message), message.sid, message.ppid]).toEqual(['bye', 3, 46]);
    await finished;
  });

  test('as text in its encoding', async () => {
    const { client, peer } = await connectedPair();
    client.resume();
    const data = once(peer, 'data') as Promise<[Message]>;
    client.end('ff00', 'hex');
    expect((await data)[0].toString('hex')).toBe('ff00');
  });

  test('that is too long: refused at the call, and the socket is not ended', async () => {
    const { client, peer } = await connectedPair();
    const longest = client.getOption('sndBuf');
    expectThrow(() => client.end(Buffer.alloc(longest + 1)), {
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
    });
    expect(client.writable).toBe(true);
    const arrived = bytesArrived(peer, longest);
    client.end(Buffer.alloc(longest));
    expect(await arrived).toHaveLength(longest);
  });

  test('after the end fails as in net', async () => {
    const { client, peer } = await connectedPair();
    peer.on('error', () => undefined);
    client.end();
    const failed = once(client, 'error');
    client.end('more');
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_STREAM_WRITE_AFTER_END' })]);
  });
});
