/** Options that report an association, or belong to it. */
import { binding } from '#lib/binding';
import { getOption, setOption } from '#lib/options/options';

import {
  associated,
  associatedTwice,
  kernelAssociation,
  kernelPath,
  LOCALHOST,
} from '../support/associations';
import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';

const MS_PER_JIFFY = binding.nanosecondsPerJiffy / 1e6;

describeSctp('status and assocStats', () => {
  test('status reports what there is', async () => {
    const { socket, assocId, port } = await associated({
      initMsg: { numOstreams: 7, maxInstreams: 3 },
    });
    expect(getOption(socket, 'status', undefined, { assocId })).toEqual({
      state: 'established',
      rwnd: expect.any(Number) as number,
      unackData: expect.any(Number) as number,
      pendData: 0,
      inStreams: 3,
      outStreams: 7,
      fragmentationPoint: 65_484,
      primary: {
        address: { address: LOCALHOST, family: 'IPv4', port },
        state: 'active',
        cwnd: expect.any(Number) as number,
        srtt: expect.any(Number) as number,
        rto: 300,
        mtu: 65_532,
      },
    });
  });

  test('a round-trip time is a multiple of the tick, the RTO is what the kernel shows', async () => {
    const { socket, assocId } = await associated();
    const { srtt, rto } = getOption(socket, 'status', undefined, { assocId }).primary;
    expect(srtt % MS_PER_JIFFY).toBe(0);
    expect(rto).toBe(kernelPath(assocId, LOCALHOST).rto * MS_PER_JIFFY);
  });

  test('maxRto is in milliseconds, and restarts when it is read', async () => {
    const { socket, assocId } = await associated();
    getOption(socket, 'assocStats', undefined, { assocId });
    setOption(socket, 'rtoInfo', { min: 200 }, { assocId });
    expect(getOption(socket, 'assocStats', undefined, { assocId }).maxRto).toBe(300);
    expect(getOption(socket, 'assocStats', undefined, { assocId }).maxRto).toBe(200);
  });

  test('counters count', async () => {
    const { ours, socket, assocId, port } = await associated();
    const before = getOption(socket, 'assocStats', undefined, { assocId });
    for (let i = 0; i < 5; i++) ours.send(LOCALHOST, port);
    const after = getOption(socket, 'assocStats', undefined, { assocId });
    expect(Number(after.oOdChunks) - Number(before.oOdChunks)).toBe(5);
    expect(after.oUodChunks).toBe(0);
    expect(Number(after.oPackets)).toBeGreaterThan(Number(before.oPackets));
    expect(Object.keys(after)).toHaveLength('obsRtoIpaddr' in after ? 16 : 15);
  });

  test.each(['status', 'assocStats', 'primaryAddr'] as const)(
    '%s: there is none without an association',
    async (name) => {
      const { socket, assocId } = await associated();
      for (const target of [{}, { assocId: assocId + 1000 }]) {
        expectThrow(() => getOption(socket, name, undefined, target), {
          code: 'ERR_SCTP_OPTION',
          option: name,
          message: expect.stringMatching(/EINVAL\)\. .*an association that is set up$/) as string,
        });
      }
    },
  );
});

describeSctp('paths', () => {
  test('peerAddrInfo: by address alone, or in an association', async () => {
    const { socket, assocId, first, second } = await associatedTwice();
    for (const target of [{}, { assocId }]) {
      const path = getOption(socket, 'peerAddrInfo', { address: second }, target);
      expect(path.address).toEqual({ ...second, family: 'IPv4' });
      expect(['unconfirmed', 'active']).toContain(path.state);
    }
    const path = getOption(
      socket,
      'peerAddrInfo',
      { address: LOCALHOST },
      { peerPort: first.port },
    );
    expect(path).toMatchObject({ state: 'active', rto: 300, mtu: 65_532 });
  });

  test('peerAddrInfo: an address that is not the peer’s', async () => {
    const { socket, assocId, first } = await associatedTwice();
    for (const address of [
      { ...first, address: '127.0.0.3' },
      { ...first, port: 9 },
    ]) {
      expectThrow(() => getOption(socket, 'peerAddrInfo', { address }, { assocId }), {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('The address must be one of the peer') as string,
      });
    }
    // An address is enough: the kernel does not mind an id that is none.
    const target = { assocId: assocId + 1000 };
    expect(getOption(socket, 'peerAddrInfo', { address: first }, target).state).toBe('active');
  });

  test('primaryAddr: read, set, refused', async () => {
    const { socket, assocId, first, second } = await associatedTwice();
    const read = () => getOption(socket, 'primaryAddr', undefined, { assocId });
    expect(read()).toEqual({ ...first, family: 'IPv4' });
    setOption(socket, 'primaryAddr', second, { assocId });
    expect(read()).toEqual({ ...second, family: 'IPv4' });
    const { primary } = getOption(socket, 'status', undefined, { assocId });
    expect(primary.address).toEqual(read());
    setOption(socket, 'primaryAddr', read()); // identified by its address
    setOption(socket, 'primaryAddr', LOCALHOST, { assocId, peerPort: first.port });
    expect(read().address).toBe(LOCALHOST);
    expectThrow(
      () => {
        setOption(socket, 'primaryAddr', { ...first, address: '127.0.0.3' }, { assocId });
      },
      { code: 'ERR_SCTP_OPTION', option: 'primaryAddr' },
    );
  });

  test('assocInfo of one association, with its limit', async () => {
    const { socket, assocId } = await associatedTwice();
    const live = getOption(socket, 'assocInfo', undefined, { assocId });
    expect(live).toMatchObject({ asocMaxRxt: 10, numberPeerDestinations: 2, cookieLife: 60_000 });
    expect(live.peerRwnd).toBeGreaterThan(0);
    expect(live.localRwnd).toBeGreaterThan(0);
    setOption(socket, 'assocInfo', { asocMaxRxt: 4 }, { assocId });
    expect(kernelAssociation(assocId).maxRetrans).toBe(4);
    expect(getOption(socket, 'assocInfo').asocMaxRxt).toBe(10);
    expectThrow(
      () => {
        setOption(socket, 'assocInfo', { asocMaxRxt: 11 }, { assocId });
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining("the sum of the paths' pathMaxRxt") as string,
      },
    );
  });
});
