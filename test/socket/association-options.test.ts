/** Options of one association and of its paths, on the kernel. */
import { binding } from '#lib/binding';
import { getOption, setOption } from '#lib/options/options';

import {
  kernelAssociation,
  kernelPath,
  OneToMany,
  startTwoAddresses,
} from '../support/associations';
import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';

const LOCALHOST = '127.0.0.1';
const MS_PER_JIFFY = binding.nanosecondsPerJiffy / 1e6;
const PROMPT = { rtoInfo: { initial: 300, min: 300, max: 300 }, noDelay: true };

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** An association with a peer of ours, seen from our end. */
async function associated(sctp = {}, host = LOCALHOST) {
  const peer = new OneToMany(host);
  const ours = new OneToMany(host, { ...PROMPT, ...sctp });
  const assocId = await ours.associate(LOCALHOST, peer.port);
  return { socket: ours.socket, assocId, port: peer.port, ours, peer };
}

/** An association with a peer at 127.0.0.1 and 127.0.0.2, seen from our end. */
async function associatedTwice() {
  const port = await startTwoAddresses();
  const ours = new OneToMany(LOCALHOST, PROMPT);
  const assocId = await ours.associate(LOCALHOST, port);
  const first = { address: LOCALHOST, port };
  const second = { address: '127.0.0.2', port };
  return { socket: ours.socket, assocId, first, second };
}

describeSctp('status and assocStats', () => {
  test('status tells what there is', async () => {
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

  test('maxRto is in milliseconds, and begins anew when it is read', async () => {
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
    setOption(socket, 'primaryAddr', read()); // whose it is, the address tells
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

describeSctp('peerAddrParams', () => {
  test('with an address: that path alone, and only what is given', async () => {
    const { socket, assocId, first, second } = await associatedTwice();
    const path = (address: object) => getOption(socket, 'peerAddrParams', { address });
    const before = [path(first), path(second)] as const;
    expect(before[0]).toMatchObject({ hbInterval: 30_000, pathMaxRxt: 5, hbEnable: true });
    setOption(socket, 'peerAddrParams', { address: second, pathMaxRxt: 2 });
    setOption(socket, 'peerAddrParams', { address: second, hbInterval: 5000 });
    expect(path(first)).toEqual(before[0]);
    expect(path(second)).toEqual({ ...before[1], pathMaxRxt: 2, hbInterval: 5000 });
    expect(kernelPath(assocId, second.address).maxRetrans).toBe(2);
    expect(kernelPath(assocId, first.address).maxRetrans).toBe(5);
    for (const address of [
      { ...first, address: '127.0.0.3' },
      { ...first, port: 9 },
    ]) {
      expectThrow(
        () => {
          setOption(socket, 'peerAddrParams', { address, pathMaxRxt: 2 });
        },
        { code: 'ERR_SCTP_OPTION', option: 'peerAddrParams' },
      );
    }
  });

  test('of an association: all its paths', async () => {
    const { socket, assocId, first, second } = await associatedTwice();
    const value = {
      hbInterval: 5000,
      pathMaxRxt: 3,
      sackDelay: 100,
      pmtudEnable: false,
      dscp: 184,
    };
    setOption(socket, 'peerAddrParams', value, { assocId });
    for (const address of [first, second]) {
      expect(getOption(socket, 'peerAddrParams', { address })).toMatchObject(value);
      expect(kernelPath(assocId, address.address).maxRetrans).toBe(3);
    }
    expect(getOption(socket, 'peerAddrParams', undefined, { assocId })).toMatchObject(value);
    expect(kernelAssociation(assocId).hbInterval * MS_PER_JIFFY).toBe(5000);
    expect(getOption(socket, 'peerAddrParams').hbInterval).toBe(30_000);
  });

  test('times of a live path are rounded up to the tick', async () => {
    const { socket, assocId } = await associated();
    setOption(socket, 'peerAddrParams', { hbInterval: 1001 }, { assocId });
    const { hbInterval } = getOption(socket, 'peerAddrParams', undefined, { assocId });
    expect(hbInterval).toBe(Math.ceil(1001 / MS_PER_JIFFY) * MS_PER_JIFFY);
  });

  test('a fixed MTU cuts messages smaller', async () => {
    const { socket, assocId } = await associated();
    setOption(socket, 'peerAddrParams', { pathMtu: 1400 }, { assocId });
    const status = getOption(socket, 'status', undefined, { assocId });
    expect(status).toMatchObject({ fragmentationPoint: 1352, primary: { mtu: 1400 } });
    setOption(socket, 'peerAddrParams', { pmtudEnable: true }, { assocId });
    const path = getOption(socket, 'status', undefined, { assocId }).primary;
    expect(path.mtu).toBe(65_532);
  });

  test('heartbeats are sent while hbEnable says so', async () => {
    const { socket, assocId } = await associated();
    const sent = () => Number(getOption(socket, 'assocStats', undefined, { assocId }).oCtrlChunks);
    setOption(socket, 'peerAddrParams', { hbInterval: 0 }, { assocId });
    const before = sent();
    while (sent() < before + 3) await pause(50);
    setOption(socket, 'peerAddrParams', { hbEnable: false }, { assocId });
    await pause(700); // for one that was due already
    const stopped = sent();
    await pause(1500);
    expect(sent()).toBe(stopped);
    expect(getOption(socket, 'peerAddrParams', undefined, { assocId }).hbEnable).toBe(false);
  });
});

describeSctp('on an IPv6 socket', () => {
  test('an IPv4 peer has its IPv4 address', async () => {
    const { socket, assocId, port } = await associated({}, '::');
    const address = { address: LOCALHOST, family: 'IPv4', port } as const;
    const { primary } = getOption(socket, 'status', undefined, { assocId });
    expect(primary.address).toEqual(address);
    expect(getOption(socket, 'peerAddrInfo', { address }).address).toEqual(address);
    setOption(socket, 'primaryAddr', address);
    setOption(socket, 'peerAddrParams', { address, pathMaxRxt: 2 });
    expect(getOption(socket, 'peerAddrParams', { address })).toMatchObject({ pathMaxRxt: 2 });
  });

  test('a path has a flow label once it is set', async () => {
    const peer = new OneToMany('::1');
    const ours = new OneToMany('::1', { peerAddrParams: { ipv6FlowLabel: 0xfffff } });
    await ours.associate('::1', peer.port);
    const address = { address: '::1', port: peer.port };
    const label = () => getOption(ours.socket, 'peerAddrParams', { address }).ipv6FlowLabel;
    expect(label()).toBe(0xfffff);
    setOption(ours.socket, 'peerAddrParams', { address, ipv6FlowLabel: 0 });
    expect(label()).toBe(0);
    expect(getOption(peer.socket, 'peerAddrParams')).not.toHaveProperty('ipv6FlowLabel');
  });
});
