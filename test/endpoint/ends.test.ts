/** Associations that stand still, and the end of an endpoint with many of them. */
import { once } from 'node:events';

import type { AssociationEnd, EndpointAssociation, EndpointOptions } from 'kernel-sctp';

import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { crowdOf, type Hub } from '../support/crowd';
import { endOf, endpointFor, HOST, listeningEndpoint, portOf } from '../support/endpoints';

const STALL = 400;
const MANY = 1000;

/** The peer reads nothing, and we have sent more than it has room for. */
async function stuck(options: EndpointOptions = {}) {
  const peer = await PythonPeer.open({ rcvBuf: 20_000, reading: false });
  const sctp = { rtoInfo: { initial: 100, min: 50, max: 200 }, assocInfo: { asocMaxRxt: 1000 } };
  const endpoint = endpointFor({ stallTimeout: STALL, sctp, ...options });
  const association = await endpoint.connect({ host: HOST, port: peer.port });
  for (let i = 0; i < 20; i++) association.send(Buffer.alloc(10_000));
  return { peer, association };
}

describeSctp('an association whose peer takes nothing', () => {
  test("is reported by 'stalled', and by 'recovered' when it takes messages again", async () => {
    const { peer, association } = await stuck();
    const recovered = once(association, 'recovered');
    const [info] = (await once(association, 'stalled')) as [{ unacknowledgedBytes: number }];
    expect(info.unacknowledgedBytes).toBeGreaterThan(10_000);
    await peer.read(true);
    await recovered;
    await peer.waitForMessages(20);
    expect(association.closed).toBe(false);
  });

  test("is ended by stallAction: 'abort'", async () => {
    const { association } = await stuck({ stallAction: 'abort' });
    const { reason, error } = await endOf(association);
    expect([reason, (error as NodeJS.ErrnoException).code]).toEqual(['local', 'ERR_SCTP_STALLED']);
  });
});

describeSctp('close() with a thousand associations', () => {
  test('ends those whose peers take nothing after closeTimeout, the others in order', async () => {
    const server = listeningEndpoint({ closeTimeout: 1000 });
    const ends = new Map<number | undefined, Promise<AssociationEnd>>();
    const byPort = new Map<number | undefined, EndpointAssociation>();
    server.on('association', (far) => {
      byPort.set(far.remotePort, far);
      ends.set(far.remotePort, endOf(far));
    });
    const hub: Hub = { port: portOf(server), count: () => byPort.size, send: () => false };
    const members = await crowdOf(hub, MANY);
    const silent = members.slice(0, 20);
    for (const member of silent) {
      member.stop();
      const far = byPort.get(member.association.localPort);
      for (let i = 0; i < 30; i++) far?.send(Buffer.alloc(1000));
    }
    await server.close();
    const reasonsOf = async (some: typeof members): Promise<string[]> => {
      const found = some.map(({ association }) => ends.get(association.localPort));
      return (await Promise.all(found as Promise<AssociationEnd>[])).map(({ reason, error }) => {
        return error ? `${reason} ${String((error as NodeJS.ErrnoException).code)}` : reason;
      });
    };
    expect(new Set(await reasonsOf(silent))).toEqual(new Set(['local ERR_SCTP_CLOSE_TIMEOUT']));
    expect(new Set(await reasonsOf(members.slice(20)))).toEqual(new Set(['shutdown']));
    expect(server.associations).toEqual([]);
  }, 240_000);
});
