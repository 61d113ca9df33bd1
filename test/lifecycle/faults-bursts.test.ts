/**
 * Messages of one tick, the last of which the kernel has no memory for: those before it, which it has
 * taken with MSG_MORE, leave. Nothing else goes their way: any packet of ours would take them along.
 */
import { runWithFaults } from '../faults/faults';
import { describeSctp } from '../support/sctp';
import { success } from './run';

const QUIET = `{ peerAddrParams: { hbEnable: false } }`;

/** @param begin sets `peer` (who receives, and calls `got(data)`) and returns what sends one message */
async function expectAllToLeave(begin: string): Promise<void> {
  const ended = await runWithFaults(`
    const { createEndpoint } = require('kernel-sctp');
    const received = [];
    const got = (data) => received.push(String(data));
    const sctp = ${QUIET};
    ${begin}
    await turn();
    faults('sendmsg=ENOBUFS*1000000@4');
    for (const text of ['a', 'b', 'c', 'd']) send(Buffer.from(text));
    await until(() => received.length >= 3);
    const met = received.join('') + ' ' + (calls('sendmsg') >= 4);
    faults();
    await until(() => received.length === 4);
    console.log(met, received.join(''));
    process.exit();
  `);
  expect(ended).toEqual(success('abc true abcd\n'));
}

describeSctp('what a burst leaves behind that finds no memory', () => {
  test('leaves a Socket', async () => {
    await expectAllToLeave(
      `
      const server = createServer({ sctp }, (socket) => socket.on('data', got)).listen(0, HOST);
      const socket = connect({ port: server.address().port, host: HOST, sctp });
      await new Promise((resolve) => socket.once('connect', resolve));
      const send = (data) => socket.write(data);`,
    );
  });

  test('leaves an association of an endpoint', async () => {
    await expectAllToLeave(
      `
      const server = createEndpoint({ sctp }).on('message', got).listen({ host: HOST });
      const { port } = server.address();
      const association = await createEndpoint({ sctp }).connect({ host: HOST, port });
      const send = (data) => association.send(data);`,
    );
  });

  test('leaves a handle of open()', async () => {
    await expectAllToLeave(
      `
      const receiver = open({ host: HOST, sctp }, ([data]) => data.length === 1 && got(data));
      const sender = open({ host: HOST, sctp, unordered: false, pr: { policy: 'none' } }, () => {});
      const { port } = receiver.address();
      sender.send(Buffer.from('up'), HOST, port);
      await until(() => sender.associations()[0]?.state === 'up' && sender.associations()[0].bufferedAmount === 0);
      for (let i = 0; i < 10; i++) await turn();
      const send = (data) => sender.send(data, HOST, port);`,
    );
  });
});
