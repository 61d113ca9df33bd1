/** Two hundred megabytes for a reader that is slow: the writer waits, and memory stays flat. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

describeSctp('backpressure', () => {
  test('200 MB in 16 kB writes, 4 MiB buffers, a slow reader', async () => {
    const ended = await run(
      `
      const assert = require('node:assert');
      const { once } = require('node:events');
      const { createServer, connect } = require('kernel-sctp');
      const sctp = { sndBuf: 4 << 20, rcvBuf: 4 << 20 };
      const COUNT = 12_500, SIZE = 16_000, TOTAL = COUNT * SIZE;

      const server = createServer({ sctp }).listen(0, HOST);
      await once(server, 'listening');
      const client = connect({ host: HOST, port: server.address().port, sctp });
      const [[peer]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
      server.close();

      let most = 0, mostAhead = 0, mostWaiting = 0, refusals = 0, received = 0;
      const memory = () => { const { rss } = process.memoryUsage(); return rss; };
      const before = memory();

      const reading = (async () => {
        for await (const message of peer) {
          assert.strictEqual(message.length, SIZE);
          assert.strictEqual(message.readUInt32BE(), received++);
          mostAhead = Math.max(mostAhead, peer.readAheadBytes);
          if (received % 4 === 0) await turn();
          if (received % 500 === 0) most = Math.max(most, memory());
        }
      })();
      for (let i = 0; i < COUNT; i++) {
        const chunk = Buffer.alloc(SIZE);
        chunk.writeUInt32BE(i);
        if (!client.write(chunk)) {
          refusals++;
          mostWaiting = Math.max(mostWaiting, client.writableLength);
          if (client.writableNeedDrain) await once(client, 'drain');
        }
      }
      client.end();
      await reading;
      assert.strictEqual(received, COUNT);
      assert.strictEqual(client.bytesWritten, TOTAL);
      assert.strictEqual(peer.bytesRead, TOTAL);
      assert(refusals > 10, 'write never said false');
      const report = { grown: (most - before) >> 20, mostAhead, mostWaiting, refusals };
      if (process.env.SHOW) console.error(report);
      assert(mostWaiting <= client.writableHighWaterMark + SIZE, JSON.stringify(report));
      // What one wake-up reads comes on top: at most 64 messages, and after the first one few.
      assert(mostAhead <= peer.readableHighWaterMark + 64 * SIZE, JSON.stringify(report));
      // The kernel's buffers are not ours. Garbage takes its time to be collected.
      assert(most - before < 100 << 20, JSON.stringify(report));
    `,
      { env: { SHOW: process.env['SHOW'] ?? '' } },
    );
    expect(ended).toEqual(success());
  });
});
