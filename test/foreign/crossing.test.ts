/** We begin when the browser has: our INIT and what it has sent pass each other. */
import type { DataChannelAssociation } from 'kernel-sctp/channels';

import { Engine } from '#lib/engine/engine';

import { event, messages } from '../channels/link';
import { CHUNK, chunkTypes } from '../channels/packets';
import { defer } from '../support/cleanup';
import { Chromium } from './chromium';
import { announcement } from './kinds';
import { meet } from './meeting';

let browser: Chromium;
beforeAll(() => {
  browser = new Chromium();
});
afterAll(() => browser.close());

/**
 * Has the association begin when such a packet of the peer's arrives, which it gets when its INIT
 * has left.
 * @returns what the association had sent and received by then
 */
function crossWith(type: number): {
  prepare: (association: DataChannelAssociation) => void;
  met: Promise<{ state: string; packetsSent: number; packetsReceived: number }>;
} {
  let meetIt: (counts: { state: string; packetsSent: number; packetsReceived: number }) => void;
  const met = new Promise<Parameters<typeof meetIt>[0]>((resolve) => {
    meetIt = resolve;
  });
  return {
    met,
    prepare(association) {
      const connect = association.connect.bind(association);
      let begin: (connected: Promise<void>) => void;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      association.connect = () => begun;
      const receive = Object.getOwnPropertyDescriptor(Engine.prototype, 'receive')
        ?.value as Engine['receive'];
      let hasMet = false;
      const spy = jest.spyOn(Engine.prototype, 'receive').mockImplementation(function (
        this: Engine,
        packet: ArrayBufferView,
      ) {
        const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
        if (hasMet || chunkTypes(bytes)[0] !== type) {
          receive.call(this, packet);
          return;
        }
        hasMet = true;
        begin(connect()); // which sends in this tick
        process.nextTick(() => {
          const { state, counters } = association.stats();
          const { packetsSent, packetsReceived } = counters;
          meetIt({ state, packetsSent, packetsReceived });
          receive.call(this, packet);
        });
      });
      defer(() => {
        spy.mockRestore();
      });
    },
  };
}

test.each([
  // Ours has left, and nothing was received.
  ['INIT', CHUNK.INIT, { state: 'connecting', packetsSent: 1, packetsReceived: 0 }],
  // Its INIT was answered, then ours has left.
  ['COOKIE ECHO', CHUNK.COOKIE_ECHO, { state: 'connecting', packetsSent: 2, packetsReceived: 1 }],
])('our INIT crosses the %s', async (_name, type, expected) => {
  const crossing = crossWith(type);
  const restarts: string[] = [];
  const { association, remote } = await meet(browser, (made) => {
    made.on('restart', () => restarts.push('restart'));
    crossing.prepare(made);
  });
  expect(await crossing.met).toEqual(expected);
  expect(association.state).toBe('connected');

  const ours = association.createDataChannel('ours');
  await event(ours, 'open');
  await remote.announced('ours');
  ours.send('hello');
  expect(await remote.receive('ours', 1)).toEqual(['hello']);
  const arrived = announcement(association, 'theirs');
  await remote.open('theirs', {});
  const got = messages(await arrived, 1);
  await remote.send('theirs', ['hello']);
  expect(await got).toEqual(['hello']);
  expect(restarts).toEqual([]);
  await association.close();
  expect(association.state).toBe('closed');
});
