/** SCTP_PEER_ADDR_PARAMS on the kernel: how paths are watched. */
import { binding } from '#lib/binding';
import { getOption, setOption } from '#lib/options/options';

import {
  associated,
  associatedTwice,
  kernelAssociation,
  kernelPath,
  LOCALHOST,
  OneToMany,
} from '../support/associations';
import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';

const MS_PER_JIFFY = binding.nanosecondsPerJiffy / 1e6;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describeSctp('peerAddrParams', () => {
  test('of a socket: for associations to come', async () => {
    const { socket, assocId } = await associated({
      assocInfo: { asocMaxRxt: 7 },
      peerAddrParams: { hbInterval: 5000, pathMaxRxt: 3, pathMtu: 1400 },
    });
    const { hbInterval, maxRetrans } = kernelAssociation(assocId);
    expect([hbInterval * MS_PER_JIFFY, maxRetrans]).toEqual([5000, 7]);
    expect(kernelPath(assocId, LOCALHOST).maxRetrans).toBe(3);
    expect(getOption(socket, 'status', undefined, { assocId }).primary.mtu).toBe(1400);

    setOption(socket, 'peerAddrParams', { pathMaxRxt: 4 });
    expect(kernelPath(assocId, LOCALHOST).maxRetrans).toBe(3);
  });

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
    const ipv4 = new OneToMany(LOCALHOST, { peerAddrParams: { ipv6FlowLabel: 5 } });
    expect(getOption(ipv4.socket, 'peerAddrParams')).not.toHaveProperty('ipv6FlowLabel');
  });
});
