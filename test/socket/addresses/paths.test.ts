/** The paths of an association: what is known of them, which is used, and what is reported. */
import { once } from 'node:events';

import { writeFileSync } from 'node:fs';

import { type PathChange, Socket } from 'kernel-sctp';

import { collected, DYNAMIC, multihomedPair, until } from '../../support/multihoming';
import { describeSctp } from '../../support/sctp';

/** Multiples of 20 ms: kernels count them in jiffies of 4 or 10 ms. */
const PROMPT = { rtoInfo: { initial: 160, min: 100, max: 300 } };

describeSctp('paths', () => {
  test('are reported with what the kernel knows of them', async () => {
    const { client, peer } = await multihomedPair({ sctp: PROMPT });
    const path = { state: 'active', srtt: expect.any(Number) as number, mtu: 65532 };
    expect(client.paths).toEqual([
      {
        ...path,
        address: '127.0.0.3',
        primary: true,
        rto: 160,
        cwnd: expect.any(Number) as number,
      },
      {
        ...path,
        address: '127.0.0.4',
        primary: false,
        rto: 160,
        cwnd: expect.any(Number) as number,
      },
    ]);
    for (const { address, primary, ...info } of client.paths) {
      const { address: same, ...sameInfo } = client.getOption('peerAddrInfo', { address });
      expect({ address, info }).toEqual({ address: same.address, info: sameInfo });
      expect(primary).toBe(address === client.getOption('primaryAddr').address);
    }
    // This end has learnt of the second address by the other's INIT, and has yet to try it.
    await until(peer, 'path', () => peer.paths.every(({ state }) => state === 'active'));
  });

  test('by address, as RFC 6458 numbers their states', async () => {
    const { client } = await multihomedPair({ sctp: PROMPT });
    const infos = client.paths.map(({ address, rto, cwnd, srtt, mtu }) => [
      address,
      { state: 2, rto, cwnd, srtt, mtu },
    ]);
    expect(client.peerInfoByAddress).toEqual(Object.fromEntries(infos));
  });

  test('begin unconfirmed where only the peer has named the address', async () => {
    const { client } = await multihomedPair({
      client: { localAddresses: ['127.0.0.1', '127.0.0.2'], host: '127.0.0.3' },
      sctp: PROMPT,
    });
    const changes = collected(client, 'path');
    const reported = (): PathChange | undefined =>
      changes.find(([{ address }]) => address === '127.0.0.4')?.[0];
    expect(client.paths.map(({ address, state }) => [address, state])).toEqual([
      ['127.0.0.3', 'active'],
      ['127.0.0.4', 'unconfirmed'],
    ]);
    client.requestHeartbeat('127.0.0.4');
    await until(client, 'path', () => reported() !== undefined);
    expect(reported()).toEqual({
      ...{ address: '127.0.0.4', change: 'confirmed', primary: false },
      ...{ state: 'active', previousState: 'unconfirmed' },
    });
  });
});

describeSctp('setPrimary', () => {
  test('moves what is sent, and is reported by both events', async () => {
    const { client, peer } = await multihomedPair({ sctp: PROMPT });
    const changes = collected(client, 'path');
    client.setPrimary('127.0.0.4');
    await once(client, 'address-change');
    expect(client.remoteAddress).toBe('127.0.0.4');
    expect(client.paths.map(({ address, primary }) => [address, primary])).toEqual([
      ['127.0.0.3', false],
      ['127.0.0.4', true],
    ]);
    await until(client, 'path', () => changes.length > 0);
    expect(changes[0]).toEqual([
      {
        ...{ address: '127.0.0.4', change: 'madePrim', primary: true },
        ...{ state: 'active', previousState: 'active' },
      },
    ]);
    const before = packets();
    client.write('to the second');
    await once(peer, 'data');
    expect(packets()).toBeGreaterThan(before);
    client.setPrimary({ address: '127.0.0.3', port: client.remotePort as number });
    await once(client, 'address-change');
    expect(client.remoteAddress).toBe('127.0.0.3');

    function packets(): number {
      return Number(client.getOption('assocStats').oPackets);
    }
  });

  test('to the one that is it already changes nothing', async () => {
    const { client } = await multihomedPair();
    const changes = collected(client, 'address-change');
    const paths = collected(client, 'path');
    client.setPrimary('127.0.0.3');
    await until(client, 'path', () => paths.length > 0); // the kernel reports it
    expect(paths[0]).toEqual([expect.objectContaining({ change: 'madePrim' })]);
    expect(changes).toEqual([]);
  });
});

describeSctp('setPeerPrimary', () => {
  test('moves what the peer sends', async () => {
    const { client, peer } = await multihomedPair({ sctp: { ...DYNAMIC, ...PROMPT } });
    expect(peer.remoteAddress).toBe('127.0.0.1');
    client.setPeerPrimary('127.0.0.2');
    await until(peer, 'address-change', () => peer.remoteAddress === '127.0.0.2');
    peer.setPeerPrimary('127.0.0.4');
    await until(client, 'address-change', () => client.remoteAddress === '127.0.0.4');
    client.write('hello');
    expect(String(await once(peer, 'data'))).toBe('hello');
  });

  test('takes an address that has just been added', async () => {
    const { client, peer } = await multihomedPair();
    client.addLocalAddress('127.0.0.5');
    client.setPeerPrimary('127.0.0.5');
    client.removeLocalAddress('127.0.0.1');
    client.removeLocalAddress('127.0.0.2');
    await until(peer, 'address-change', () => peer.remoteAddresses.length === 1);
    expect([peer.remoteAddress, peer.remoteAddresses]).toEqual(['127.0.0.5', ['127.0.0.5']]);
    peer.write('hello');
    expect(String(await once(client, 'data'))).toBe('hello');
  });
});

describeSctp('requestHeartbeat', () => {
  test('measures a path at once, though heartbeats are off', async () => {
    const quiet = { ...PROMPT, peerAddrParams: { hbEnable: false } };
    const { client } = await multihomedPair({ sctp: quiet });
    const sent = () => Number(client.getOption('assocStats').oCtrlChunks);
    const before = sent();
    const count = 5;
    for (let i = 0; i < count; i++) client.requestHeartbeat('127.0.0.4');
    expect(sent()).toBe(before + count);
  });
});

describeSctp("'path'", () => {
  test('reports potential failure only if the socket does not rule that out', async () => {
    const exposed = async (sctp: object, listen: boolean): Promise<unknown> => {
      const { client } = await multihomedPair({ sctp });
      if (listen) client.on('path', () => undefined);
      return client.getOption('exposePfState');
    };
    expect(await exposed({}, false)).toBe('unset');
    expect(await exposed({}, true)).toBe('enable');
    expect(await exposed({ exposePfState: 'disable' }, true)).toBe('disable');
    writeFileSync('/proc/sys/net/sctp/pf_expose', '1');
    try {
      expect(await exposed({}, true)).toBe('disable');
    } finally {
      writeFileSync('/proc/sys/net/sctp/pf_expose', '0');
    }
  });

  test('and the others are listened for however one likes', async () => {
    const { client } = await multihomedPair();
    const reported: string[] = [];
    client.prependOnceListener('path', () => reported.push('path'));
    client.once('peer-info-update', () => reported.push('peer-info-update'));
    client.addListener('address-change', () => reported.push('address-change'));
    client.setPrimary('127.0.0.4');
    await until(client, 'peer-info-update', () => reported.length >= 3);
    expect(reported.sort()).toEqual(['address-change', 'path', 'peer-info-update']);
  });

  test('destroying the socket within a handler is the end of it', async () => {
    for (const event of ['address-change', 'path', 'peer-info-update'] as const) {
      const { client, peer } = await multihomedPair();
      peer.on('error', () => undefined);
      const reported = collected(client, 'peer-info-update');
      client.once(event, () => client.destroy());
      client.setPrimary('127.0.0.4');
      await once(client, 'close');
      expect(reported.length).toBe(event === 'peer-info-update' ? 1 : 0);
    }
  });
});

describeSctp("'peer-info-update'", () => {
  beforeEach(() => {
    jest.restoreAllMocks();
  });

  /** The timers that are started from now on, by their delays. */
  function timers(): number[] {
    const delays: number[] = [];
    const original = globalThis.setTimeout;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((
      callback: () => void,
      delay: number,
    ) => {
      delays.push(delay);
      return original(callback, delay);
    }) as never);
    return delays;
  }

  test('comes at each change of a path, and every 5 seconds', async () => {
    const { client } = await multihomedPair();
    const updates = collected(client, 'peer-info-update');
    client.setPrimary('127.0.0.4');
    await until(client, 'peer-info-update', () => updates.length === 1);
    const start = performance.now();
    await until(client, 'peer-info-update', () => updates.length === 2);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  test('costs a timer only while somebody listens', async () => {
    const { client, peer } = await multihomedPair();
    const delays = timers();
    const many = delays.filter((delay) => delay === 5000).length;
    peer.setPrimary('127.0.0.2');
    await until(peer, 'path', () => peer.remoteAddress === '127.0.0.2').catch(() => undefined);
    expect(many).toBe(0);
    const listener = (): void => undefined;
    client.on('peer-info-update', listener);
    client.on('peer-info-update', listener);
    expect(delays.filter((delay) => delay === 5000)).toHaveLength(1);
    client.on('address-change', listener); // nothing to look out for
    expect(delays.filter((delay) => delay !== 5000)).toEqual([]);
  });

  test('of a socket that is yet to connect begins with it', () => {
    const delays = timers();
    const socket = new Socket();
    socket.on('peer-info-update', () => undefined).on('address-change', () => undefined);
    expect(delays).toEqual([]);
  });
});
