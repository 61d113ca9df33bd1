/** A peer with thousands of addresses, as a server sees it. */
import { once } from 'node:events';

import { connect, createServer, type PathChange, type Server, type Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';

const COUNT = 4200;

describeSctp('a peer with 4200 addresses', () => {
  let server: Server;
  let accepted: Socket;
  let client: Socket;
  const changes: PathChange[] = [];
  const mine = Array.from(
    { length: COUNT },
    (_, i) => `127.1.${String(i >> 8)}.${String(i & 255)}`,
  );

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    const { port } = server.address() as { port: number };
    client = connect({ host: '127.0.0.1', port, localAddresses: mine });
    [accepted] = (await once(server, 'connection')) as [Socket];
    accepted.on('path', (change) => changes.push(change));
  });

  afterAll(() => {
    client.destroy();
    accepted.on('error', () => undefined).destroy();
    server.close();
  });

  test('each of them is there, once', () => {
    const { remoteAddresses } = accepted;
    expect(new Set(remoteAddresses)).toEqual(new Set(mine));
    expect(remoteAddresses).toHaveLength(COUNT);
  });

  test('so is each path', () => {
    const { paths } = accepted;
    expect(new Set(paths.map(({ address }) => address))).toEqual(new Set(mine));
    expect(paths.filter(({ primary }) => primary)).toHaveLength(1);
    expect(Object.keys(accepted.peerInfoByAddress)).toHaveLength(COUNT);
  });

  test("'path' comes once for each that is confirmed", async () => {
    const others = mine.filter((address) => address !== accepted.remoteAddress);
    while (changes.length < others.length) await once(accepted, 'path');
    expect(new Set(changes.map(({ address }) => address))).toEqual(new Set(others));
    expect(changes).toHaveLength(others.length);
    expect(new Set(changes.map(({ change, state }) => `${change}, ${String(state)}`))).toEqual(
      new Set(['confirmed, active']),
    );
  });
});
