/** The way of a message there and back. */
import { once } from 'node:events';

import type { Message } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

describeSctp('a connection', () => {
  test('carries messages both ways, and ends in order', async () => {
    const { client, peer, server } = await connectedPair();
    peer.on('data', (message) => {
      peer.send(message, { sid: message.sid, ppid: message.ppid });
    });
    client.send(Buffer.from('hello'), { sid: 3, ppid: 46 });
    const [reply] = (await once(client, 'data')) as [Message];
    expect({ text: reply.toString(), sid: reply.sid, ppid: reply.ppid }).toEqual({
      text: 'hello',
      sid: 3,
      ppid: 46,
    });
    const closed = Promise.all([once(client, 'close'), once(peer, 'close'), once(server, 'close')]);
    client.end();
    server.close();
    expect(await closed).toEqual([[false], [false], []]);
  });
});
