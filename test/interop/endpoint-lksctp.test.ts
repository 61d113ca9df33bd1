/** lksctp-tools: the kernel developers' own test programs talk to endpoints. */
import { once } from 'node:events';

import type { EndpointAssociation } from 'kernel-sctp';

import { endOf, endpointFor, HOST, listeningEndpoint, portOf } from '../support/endpoints';
import { messagesOfDarn, messagesOfTest, startClient, startServer } from '../support/lksctp';
import { describeSctp } from '../support/sctp';

const LONG = 200_000;

async function sendAFew(port: number): Promise<EndpointAssociation> {
  const association = await endpointFor().connect({ host: HOST, port });
  association.send(Buffer.from('first'));
  association.send(Buffer.from('hello'), { sid: 3, ppid: 46, unordered: true });
  association.send(Buffer.alloc(LONG, 'x'), { sid: 5, ppid: 0x01020304 });
  await association.shutdown();
  return association;
}

describeSctp('sctp_test', () => {
  test.each([
    ['one-to-many', []],
    ['one-to-one', ['-T']],
  ])('as a %s server', async (_, args) => {
    const { program, port } = await startServer('sctp_test', args);
    await sendAFew(port);
    const [output] = await program.printed(/^[^]*SHUTDOWN_COMPLETE/);
    const [first, hello, ...pieces] = messagesOfTest(output);
    expect(first?.length).toBe(5);
    expect(hello).toEqual({ length: 5, sid: 3, ppid: 46, unordered: true });
    expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(LONG);
  });

  test('as several clients at once', async () => {
    const server = listeningEndpoint();
    const got = new Map<EndpointAssociation, number>();
    const ends: Promise<unknown>[] = [];
    server.on('association', (association) => {
      ends.push(endOf(association));
      association.on('message', () => got.set(association, (got.get(association) ?? 0) + 1));
    });
    const args = ['-c', '3', '-o', '1', '-M', '5', '-x', '1'];
    const clients = [1, 2, 3].map(() => startClient('sctp_test', portOf(server), args).ended);
    const sent = (await Promise.all(clients)).map(({ stdout }) => messagesOfTest(stdout).length);
    while (ends.length < clients.length) await once(server, 'association');
    await Promise.all(ends);
    expect([...got.values()].toSorted()).toEqual(sent.toSorted());
    expect(Math.min(...sent)).toBeGreaterThanOrEqual(10);
  });
});

describeSctp('sctp_darn', () => {
  test('as a server', async () => {
    const { program, port } = await startServer('sctp_darn');
    await sendAFew(port);
    const [output] = await program.printed(/^[^]*SHUTDOWN_COMP/);
    const lengths = messagesOfDarn(output).map(({ length }) => length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(5 + 5 + LONG);
  });

  test('as a client that shuts down, aborts, and comes back', async () => {
    const server = listeningEndpoint();
    const client = startClient('sctp_darn', portOf(server), ['-I']);
    const reasons: string[] = [];
    for (const how of ['shutdown', 'abort']) {
      const begun = once(server, 'association') as Promise<[EndpointAssociation]>;
      client.say('snd=70000');
      const [association] = await begun;
      const ended = endOf(association);
      const [data] = (await once(association, 'message')) as [Buffer];
      expect(data).toHaveLength(70_000);
      client.say(how);
      reasons.push((await ended).reason);
    }
    expect(reasons).toEqual(['shutdown', 'aborted']);
  });
});
