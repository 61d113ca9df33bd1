/** Streams that another program resets and adds, or is asked to (RFC 6525). */
import { once } from 'node:events';

import { connect, type SctpOptions } from 'kernel-sctp';

import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { destroying } from '../support/sockets';

const RECONFIG_SUPPORTED = 117;
const ENABLE_STREAM_RESET = 118;
const RESET_STREAMS = 119;
const RESET_ASSOC = 120;
const ADD_STREAMS = 121;
const EVENT = 127;
const NOTIFICATIONS = { streamReset: 0x800a, assocReset: 0x800b, streamChange: 0x800c };

/** Numbers of 16 bits, as this machine has them. */
function words(...values: number[]): string {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes.toString('hex');
}

const ON: SctpOptions = {
  reconfigSupported: true,
  enableStreamReset: { resetStreams: true, resetAssoc: true, changeAssoc: true },
};

async function withPython() {
  const python = await PythonPeer.open({
    style: 'stream',
    options: [
      [132, RECONFIG_SUPPORTED, words(0, 0, 1, 0)],
      [132, ENABLE_STREAM_RESET, words(0, 0, 7, 0)],
      ...Object.values(NOTIFICATIONS).map((type) => [132, EVENT, words(0, 0, type, 1)] as const),
    ],
  });
  const client = destroying(connect({ host: '127.0.0.1', port: python.port, sctp: ON }));
  await once(client, 'connect');
  await python.waitFor({ event: 'accepted' });
  return { python, client };
}

describeSctp('reconfiguration with another program', () => {
  test('what it does is reported', async () => {
    const { python, client } = await withPython();
    const reset = once(client, 'streams-reset');
    await python.set(RESET_STREAMS, words(0, 0, 2, 2, 3, 1)); // outgoing: 3 and 1
    expect(await reset).toEqual([{ incoming: [3, 1] }]);

    const asked = once(client, 'streams-reset');
    await python.set(RESET_STREAMS, words(0, 0, 1, 1, 2)); // incoming: 2
    expect(await asked).toEqual([{ outgoing: [2] }]);

    const before = client.status();
    const added = once(client, 'streams-added');
    await python.set(ADD_STREAMS, words(0, 0, 0, 4)); // 4 outgoing ones
    expect(await added).toEqual([{ incoming: 4, outgoing: 0 }]);
    expect(client.status()).toMatchObject({
      inStreams: before.inStreams + 4,
      outStreams: before.outStreams,
    });

    const all = once(client, 'association-reset');
    await python.set(RESET_ASSOC, words(0, 0));
    await all;
    const message = once(client, 'message');
    await python.send('anew', { sid: before.inStreams + 3 });
    expect(String((await message)[0])).toBe('anew');
  });

  test('it obeys, and is notified', async () => {
    const { python, client } = await withPython();
    client.send(Buffer.from('before'), { sid: 1 });
    await client.resetStreams({ outgoing: [1] });
    await python.waitFor({ event: 'notification', number: NOTIFICATIONS.streamReset });
    client.send(Buffer.from('after'), { sid: 1 });
    await client.addStreams({ outgoing: 1, incoming: 1 });
    await python.waitFor({ event: 'notification', number: NOTIFICATIONS.streamChange });
    await client.resetAssociation();
    await python.waitFor({ event: 'notification', number: NOTIFICATIONS.assocReset });
    const [before, after] = await python.waitForMessages(2);
    expect([before?.ssn, after?.ssn]).toEqual([0, 0]);
  });
});
