/** Which of a peer's addresses are used, in what order, and what is said of the others. */
import { once } from 'node:events';

import { connect, type ConnectOptions, createServer, type Socket } from 'kernel-sctp';

import { start } from '../../support/child';
import { closing, defer } from '../../support/cleanup';
import { Namespace } from '../../support/namespaces';
import { addAddress, addDevice, setSysctl } from '../../support/own-network';
import { describeSctp } from '../../support/sctp';
import { destroying, type Pair, portOf } from '../../support/sockets';

type Lookup = NonNullable<ConnectOptions['lookup']>;

/** A name with these addresses. */
function lookup(...addresses: string[]): Lookup {
  return (_name, _options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(callback, null, found as never);
  };
}

/** Where T1 does not run out, only the order in which addresses are tried can help. */
const NO_SECOND_TRY = { rtoInfo: { initial: 600_000, max: 600_000 } };

async function pairAt(
  localAddresses: readonly string[],
  options: Partial<ConnectOptions>,
): Promise<Pair> {
  const server = closing(createServer());
  server.on('connection', destroying);
  await once(server.listen({ localAddresses }), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = destroying(connect({ host: 'name.test', port: portOf(server), ...options }));
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { server, client, peer };
}

function warnings(): string[] {
  const texts: string[] = [];
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation((text, options) => {
    texts.push(`${(options as { code: string }).code}: ${String(text)}`);
  });
  defer(() => {
    spy.mockRestore();
  });
  return texts;
}

async function failureOf(options: ConnectOptions): Promise<NodeJS.ErrnoException> {
  const client = destroying(connect(options));
  const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
  return error;
}

describeSctp('a name with one address that cannot be used', () => {
  test.each([
    ['127.0.0.1', 'fe80::1'],
    ['fe80::1', '127.0.0.1'],
    ['fe80::1%none', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::1', '::0001'],
    ['224.0.0.1', '127.0.0.1'],
    ['127.0.0.1', 'ff02::1'],
    ['255.255.255.255', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['::', '::1'],
    ['203.0.113.1', '127.0.0.1'], // to which there is no route
    ['2001:db8:77::1', '127.0.0.1'],
  ])('%s, %s: the other one is', async (...addresses) => {
    const warned = warnings();
    const { client } = await pairAt(['127.0.0.1', '::1'], {
      lookup: lookup(...addresses),
      sctp: NO_SECOND_TRY,
    });
    const { remoteAddress: used = '', remotePort: port } = client;
    expect(['127.0.0.1', '::1']).toContain(used);
    expect(client.autoSelectFamilyAttemptedAddresses).toEqual([`${used}:${String(port)}`]);
    expect(warned).toEqual([]);
  });
});

describeSctp('an address that does not answer', () => {
  test.each([
    ['2001:db8:1::99', '10.8.0.1'],
    ['fd08::99', '10.8.0.1'],
    ['10.8.0.1', '2001:db8:1::99'],
  ])('%s, %s: the one that reaches less far is tried first', async (...addresses) => {
    addDevice('10.8.0.1/24', '2001:db8:1::1/64', 'fd08::1/64');
    const { client } = await pairAt(['10.8.0.1'], {
      lookup: lookup(...addresses),
      sctp: NO_SECOND_TRY,
    });
    expect(client.remoteAddresses).toEqual(['10.8.0.1']);
  });

  test.each([
    ['IPv4', '10.8.0.99', '10.8.0.1'],
    ['private, and the other is not', '10.8.0.99', '2001:db8:1::1'],
    ['IPv6', '2001:db8:1::99', '2001:db8:1::1'],
  ])('%s: the next one is tried', async (_kind, dead, alive) => {
    addDevice('10.8.0.1/24', '2001:db8:1::1/64');
    const { client } = await pairAt([alive], { lookup: lookup(dead, alive) });
    expect(client.remoteAddresses).toEqual([alive]);
  });

  test.each([[['2001:db8:1::99', '198.51.100.9']], [['198.51.100.9', '2001:db8:1::99']]])(
    '%j, from behind a NAT: an association without IPv6 is tried too',
    async (addresses) => {
      const device = addDevice('10.8.0.1/24', '2001:db8:1::1/64');
      const other = new Namespace('behind');
      const ip = async (...args: string[]): Promise<unknown> => start('ip', args).ended;
      await ip('netns', 'add', 'behind');
      defer(async () => ip('netns', 'del', 'behind'));
      await ip('link', 'set', `${device}x`, 'netns', 'behind');
      await other.ip('link', 'set', `${device}x`, 'up');
      await other.ip('addr', 'add', '198.51.100.9/32', 'dev', `${device}x`);
      await other.ip('route', 'add', '10.8.0.0/24', 'dev', `${device}x`);
      await ip('route', 'add', '198.51.100.9/32', 'dev', device);
      const program = `require('kernel-sctp').createServer((socket) => socket.resume())
        .listen(5000, '198.51.100.9', () => console.log('listening'))`;
      const [command = '', ...prefix] = other.prefix;
      const server = start(command, [...prefix, process.execPath, '-e', program]);
      await server.printed(/listening/);

      const client = connect({ host: 'name.test', port: 5000, lookup: lookup(...addresses) });
      const unanswered: string[] = [];
      destroying(client).on('connectionAttemptTimeout', (address) => unanswered.push(address));
      await once(client, 'connect');
      expect(client.remoteAddress).toBe('198.51.100.9');
      expect(client.localAddresses).toEqual(['10.8.0.1']);
      expect(unanswered).toEqual(addresses[0] === '198.51.100.9' ? [] : ['2001:db8:1::99']);
    },
  );

  test('RTO.Initial is a second, which is how long it costs', async () => {
    const { client, peer } = await pairAt(['127.0.0.1'], { lookup: lookup('127.0.0.1') });
    expect(client.getOption('rtoInfo').initial).toBe(1000);
    expect(peer.getOption('rtoInfo').initial).toBe(1000);
  });

  test('unless the operator, or the program, says otherwise', async () => {
    setSysctl('net/sctp/rto_initial', 700);
    const { client } = await pairAt(['127.0.0.1'], { lookup: lookup('127.0.0.1') });
    expect(client.getOption('rtoInfo').initial).toBe(700);
    const sctp = { rtoInfo: { initial: 3000 } };
    const other = await pairAt(['127.0.0.1'], { lookup: lookup('127.0.0.1'), sctp });
    expect(other.client.getOption('rtoInfo').initial).toBe(3000);
  });
});

describeSctp('addresses that are named', () => {
  test.each([[['2001:db8:1::1', '10.9.0.1']], [['10.9.0.1', '2001:db8:1::1']]])(
    '%j: all are used at both ends, whatever their order, and the first is the primary one',
    async (remoteAddresses) => {
      for (const one of ['10.9.0.1/24', '10.9.0.2/24', '2001:db8:1::1/64', '2001:db8:1::2/64']) {
        addAddress(one);
      }
      const warned = warnings();
      const localAddresses = ['2001:db8:1::2', '10.9.0.2'];
      const { client, peer } = await pairAt(remoteAddresses, {
        host: undefined,
        remoteAddresses,
        localAddresses,
      });
      expect(client.remoteAddresses.sort()).toEqual([...remoteAddresses].sort());
      expect(client.localAddresses.sort()).toEqual([...localAddresses].sort());
      expect(peer.remoteAddresses.sort()).toEqual([...localAddresses].sort());
      expect(client.remoteAddress).toBe(remoteAddresses[0]);
      expect(warned).toEqual([]);
    },
  );

  test('a warning names those that the association lacks, with the reason', async () => {
    addDevice('2001:db8:1::1/64');
    addAddress('10.9.0.2/24');
    const warned = warnings();
    const { client } = await pairAt(['2001:db8:1::1'], {
      host: undefined,
      remoteAddresses: ['2001:db8:1::1', 'fe80::1', '2001:db8:1::77'],
      localAddresses: ['2001:db8:1::1', '10.9.0.2'],
    });
    const where = `2001:db8:1::1:${String(client.remotePort)}`;
    expect(warned).toEqual([
      `SCTP_ADDRESS_UNUSED: the association with ${where} lacks addresses that were named: ` +
        'fe80::1 (a link-local address needs its interface, as in fe80::1%eth0), ' +
        '2001:db8:1::77 (the peer does not use it in this association), ' +
        '10.9.0.2 of this end (it is private, and an association over a global address, ' +
        '2001:db8:1::1, has no such: see net.sctp.addr_scope_policy)',
    ]);
  });

  test('an error names those that were not even tried', async () => {
    const remoteAddresses = ['127.0.0.1', '224.0.0.1'];
    const error = await failureOf({ port: 9, remoteAddresses });
    expect(error.message).toBe(
      'connect ECONNREFUSED 127.0.0.1:9: left out: 224.0.0.1 (it is not the address of one host)',
    );
  });

  test('none of them can be used', async () => {
    const error = await failureOf({ port: 9, remoteAddresses: ['224.0.0.1', 'fe80::1'] });
    expect(error).toMatchObject({
      ...{ code: 'EINVAL', syscall: 'connect', address: '224.0.0.1', port: 9 },
      message:
        'connect EINVAL 224.0.0.1:9: none of the addresses can be used: ' +
        '224.0.0.1 (it is not the address of one host), ' +
        'fe80::1 (a link-local address needs its interface, as in fe80::1%eth0)',
    });
  });

  test('an address in both notations is one', async () => {
    const remoteAddresses = ['::ffff:127.0.0.1', '127.0.0.1'];
    const { client } = await pairAt(['127.0.0.1'], { host: undefined, remoteAddresses });
    expect(client.remoteAddresses).toEqual(['127.0.0.1']);
  });
});

describeSctp('at once, where the kernel would let us wait', () => {
  test.each([
    ['203.0.113.1', 'ENETUNREACH', /no route/],
    ['2001:db8:77::1', 'ENETUNREACH', /no route/],
    ['10.8.0.255', 'EACCES', /broadcast/],
  ])('%s: %s', async (host, code, text) => {
    addDevice('10.8.0.1/24');
    const error = await failureOf({ host, port: 9, connectTimeout: 0 });
    expect(error).toMatchObject({ code, syscall: 'connect', address: host, port: 9 });
    expect(error.message).toMatch(text);
  });

  test('without IPv6', async () => {
    setSysctl('net/ipv6/conf/all/disable_ipv6', 1);
    const error = await failureOf({ host: '::1', port: 9, connectTimeout: 0 });
    expect(error.message).toBe('connect EADDRNOTAVAIL ::1:9: this machine has no IPv6 address');
    for (const found of [
      ['::1', '127.0.0.1'],
      ['2001:db8:1::1', '127.0.0.1'],
    ]) {
      const { client } = await pairAt(['127.0.0.1'], {
        lookup: lookup(...found),
        sctp: NO_SECOND_TRY,
      });
      expect(client.remoteAddress).toBe('127.0.0.1');
    }
  });
});
