/**
 * The kernel computes the lifetime of a message that starts an association as over at once (see
 * may_start_association in native/core/control.h). Such messages must arrive all the same.
 */
import { describeSctp } from '../support/sctp';
import { PythonPeer, textOf } from '../support/python-peers';
import { LOCAL, openLocal } from './meetings';

const ROUNDS = 20;

describeSctp('messages that start an association arrive', () => {
  test.each([
    ['with the default lifetime', undefined],
    ['with a lifetime of their own', { policy: 'ttl', value: 20_000 }],
    ['with a number of retransmissions', { policy: 'rtx', value: 5 }],
    ['with a priority', { policy: 'prio', value: 1 }],
    ['reliable', { policy: 'none' }],
  ] as const)('%s', async (_, pr) => {
    const peer = await PythonPeer.open();
    const expected = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { handle } = openLocal();
      const texts = [`${String(round)} first`, `${String(round)} second`];
      for (const text of texts) {
        handle.send(Buffer.from(text), LOCAL, peer.port, pr === undefined ? {} : { pr });
      }
      expected.push(...texts);
    }
    const messages = await peer.waitForMessages(expected.length);
    expect(messages.map(textOf).sort()).toEqual(expected.sort());
  });
});
