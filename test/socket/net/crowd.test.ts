/** A thousand associations on one server at the same time. */
import { once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { bytesArrived } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { connectTo, listening } from '../../support/sockets';

const COUNT = 1000;

describeSctp('a server', () => {
  test('with 1000 associations at once: each gets its own answer', async () => {
    const server = await listening({ sctp: { sndBuf: 20_000, rcvBuf: 40_000 } });
    let accepted = 0;
    server.on('connection', (socket) => {
      accepted++;
      socket.on('data', (message) => socket.send(message, { sid: message.sid }));
    });
    const clients: Socket[] = [];
    // The kernel aborts what exceeds the backlog: as many at a time as it holds, and no more.
    for (let begun = 0; begun < COUNT; begun += 100) {
      const some = Array.from({ length: 100 }, () => connectTo(server));
      await Promise.all(some.map((client) => once(client, 'connect')));
      while (accepted < begun + some.length) await once(server, 'connection');
      clients.push(...some);
    }
    const answers = clients.map((client, index) => {
      const text = `client ${String(index)}`;
      client.send(Buffer.from(text), { sid: index % 10 });
      return bytesArrived(client, text.length);
    });
    const texts = (await Promise.all(answers)).map(String);
    expect(texts).toEqual(clients.map((_, index) => `client ${String(index)}`));
    const count = await new Promise((resolve) => {
      server.getConnections((_error, connections) => {
        resolve(connections);
      });
    });
    expect(count).toBe(COUNT);

    const closed = Promise.all(clients.map((client) => once(client, 'close')));
    const over = once(server, 'close');
    server.close();
    for (const client of clients) client.end();
    expect(await closed).toEqual(clients.map(() => [false]));
    await over;
  });
});
