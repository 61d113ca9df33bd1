/** The option `interface`: every address of an interface. */
import { once } from 'node:events';

import { connect, createServer, open } from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { addDevice } from '../../support/own-network';
import { describeSctp } from '../../support/sctp';
import { destroying, portOf } from '../../support/sockets';

const none = (): void => undefined;

describeSctp('interface', () => {
  test('of a server: its addresses, and no others', async () => {
    const device = addDevice('10.8.0.1/24', '10.8.1.1/24', '2001:db8:1::1/64');
    const server = closing(createServer());
    await once(server.listen({ interface: device }), 'listening');
    const addresses = server.getLocalAddresses().map(({ address }) => address);
    const [linkLocal, ...others] = addresses.sort().reverse();
    expect(linkLocal).toMatch(new RegExp(`^fe80::.*%${device}$`));
    expect(others).toEqual(['2001:db8:1::1', '10.8.1.1', '10.8.0.1']);
  });

  test('of a socket: what the peer gets to know', async () => {
    const device = addDevice('10.8.0.1/24', '10.8.1.1/24');
    addDevice('10.8.2.1/24'); // of another one, which a wildcard would bring along
    const server = closing(createServer(destroying));
    await once(server.listen({ localAddresses: ['10.8.0.1', '10.8.1.1'] }), 'listening');
    const options = { host: '10.8.0.1', port: portOf(server), interface: [device, 'lo'] };
    const client = destroying(connect(options));
    await once(client, 'connect');
    // lo's reach less far than an association over a private one.
    expect(client.localAddresses.filter((one) => !one.includes(':'))).toEqual([
      '10.8.0.1',
      '10.8.1.1',
    ]);
  });

  test('of open: messages come in at each address', async () => {
    const device = addDevice('10.8.0.1/24', '10.8.1.1/24');
    const texts = new Set<string>();
    await new Promise<void>((resolve) => {
      const handle = closing(
        open({ interface: device }, (result) => {
          texts.add(String(result[0]));
          if (texts.size === 2) resolve();
        }),
      );
      const { port } = handle.address();
      for (const host of ['10.8.0.1', '10.8.1.1']) {
        // A sender for each, lest both messages go into one association.
        closing(open({ host: '0.0.0.0' }, none)).send(Buffer.from(host), host, port);
      }
    });
    expect([...texts].sort()).toEqual(['10.8.0.1', '10.8.1.1']);
  });

  test('that there is not: who asked gets ENODEV, with those that there are', async () => {
    const text = /ENODEV: no interface low is up and has an address \(did you mean 'lo'\?\).* lo/;
    const client = destroying(connect({ host: '127.0.0.1', port: 9, interface: 'low' }));
    const [first] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(first).toMatchObject({ code: 'ENODEV', syscall: 'bind' });
    expect(first.message).toMatch(text);
    const [second] = (await once(createServer().listen({ interface: 'low' }), 'error')) as [
      NodeJS.ErrnoException,
    ];
    expect(second).toMatchObject({ code: 'ENODEV', syscall: 'listen' });
    expect(second.message).toMatch(text);
    expectThrow(() => open({ interface: 'low' }, none), { code: 'ENODEV' });
  });

  test.each([
    [5, 'ERR_INVALID_ARG_TYPE'],
    ['', 'ERR_INVALID_ARG_VALUE'],
    [[], 'ERR_INVALID_ARG_VALUE'],
    [new Array(1), 'ERR_INVALID_ARG_TYPE'],
    [['lo', 5], 'ERR_INVALID_ARG_TYPE'],
  ])('%j: %s', (value, code) => {
    const given = { port: 9, interface: value as string };
    expectThrow(() => connect(given), { code });
    expectThrow(() => createServer().listen(given), { code });
    expectThrow(() => open(given, none), { code });
  });

  test('goes with no other address of this end', () => {
    const given = { port: 9, interface: 'lo' };
    const code = 'ERR_INVALID_ARG_VALUE';
    expectThrow(() => connect({ ...given, localAddress: '127.0.0.1' }), { code });
    expectThrow(() => connect({ ...given, localAddresses: ['127.0.0.1'] }), { code });
    expectThrow(() => createServer().listen({ ...given, host: '127.0.0.1' }), { code });
    expectThrow(() => createServer().listen({ ...given, localAddresses: ['::1'] }), { code });
    expectThrow(() => open({ ...given, host: '127.0.0.1' }, none), { code });
  });
});
