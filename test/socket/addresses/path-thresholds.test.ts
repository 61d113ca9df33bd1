/** When another path becomes the primary: the paths are cut, and mended, on the loopback device. */
import { execFileSync } from 'node:child_process';

import type { SctpOptions } from 'kernel-sctp';

import { defer } from '../../support/cleanup';
import { multihomedPair, until } from '../../support/multihoming';
import { describeSctp } from '../../support/sctp';

const [FIRST, SECOND] = ['127.0.0.3', '127.0.0.4'];
const SHORT: SctpOptions = {
  rtoInfo: { initial: 200, min: 200, max: 400 },
  peerAddrParams: { hbInterval: 100, pathMaxRxt: 2 },
  assocInfo: { asocMaxRxt: 100 }, // a busy machine may answer late on the other path, too
};

function tc(words: string): void {
  execFileSync('tc', words.split(' '));
}

/** Nothing gets to the address until the function that comes back is called. */
function cut(address: string): () => void {
  tc('qdisc add dev lo root handle 1: prio');
  const match = `match ip dst ${address}/32 action drop`;
  tc(`filter add dev lo parent 1: protocol ip u32 ${match}`);
  let there = true;
  const repair = (): void => {
    if (there) tc('qdisc del dev lo root');
    there = false;
  };
  defer(repair);
  return repair;
}

describeSctp('peerAddrThresholds', () => {
  test('pathCpThreshold: another path becomes the primary, and stays it', async () => {
    const connected = async (sctp: SctpOptions) => {
      const { client, peer } = await multihomedPair({ sctp: { ...SHORT, ...sctp } });
      peer.resume();
      return client;
    };
    const usual = await connected({});
    const moving = await connected({ peerAddrThresholds: { pathCpThreshold: 2 } });
    const clients = [usual, moving];
    const primaries = (): unknown[] => clients.map(({ remoteAddress }) => remoteAddress);
    /** Resolves when the first path of both is in this state. */
    const first = (state: string): Promise<unknown> =>
      Promise.all(
        clients.map(async (client) =>
          until(client, 'path', () =>
            client.paths.some((path) => path.address === FIRST && path.state === state),
          ),
        ),
      );
    expect(primaries()).toEqual([FIRST, FIRST]);

    const repair = cut(FIRST);
    for (const client of clients) client.write('x'); // arrives either way
    await first('inactive');
    await Promise.all(clients.map(async (client) => client.dry()));
    await until(moving, 'address-change', () => moving.remoteAddress === SECOND);
    expect(primaries()).toEqual([FIRST, SECOND]);

    repair();
    await first('active');
    expect(primaries()).toEqual([FIRST, SECOND]);
  });
});
