/** A thousand peers of one handle. */
import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { crowdOf, heldBytes, type Hub, misplaced, stopReading } from '../support/crowd';
import { HOST, peeledOff } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

const MANY = 1000;
const LIMIT = 15_000;

describeSctp('a thousand peers', () => {
  test('1, 50, then half stop reading: the others do not notice, and all get everything', async () => {
    const texts: string[] = [];
    const ordered = { unordered: false, pr: { policy: 'none' } } as const;
    const options = { host: HOST, sendBufferLimit: LIMIT, ...ordered };
    const server = closing(
      open(options, (result) => {
        if (typeof result === 'string') texts.push(result);
      }),
    );
    const hub: Hub = {
      port: server.address().port,
      count: () => server.associations().length,
      send: (data, { association }) => {
        try {
          return server.send(data, HOST, association.localPort ?? 0) > 0;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ERR_SCTP_SEND_BUFFER_FULL') return false;
          throw error;
        }
      },
    };
    const members = await crowdOf(hub, MANY);
    await stopReading(hub, members, 1, 5);
    await stopReading(hub, members, 50, 5);
    await stopReading(hub, members, MANY / 2, 25);
    expect(peeledOff()).toBeGreaterThan(MANY / 2);
    const waiting = server.associations().map(({ bufferedAmount }) => bufferedAmount);
    expect(waiting.filter((bytes) => bytes > 0).length).toBeLessThanOrEqual(MANY / 2);
    expect(Math.max(...waiting)).toBeLessThanOrEqual(LIMIT);
    // What a wake-up brings beyond a mark of 1 byte is what their windows have room for.
    const held = heldBytes(members, waiting);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan((MANY / 2) * (LIMIT + 8192));
    expect(misplaced(members)).toEqual([]);

    for (const member of members.slice(0, MANY / 2)) member.read();
    await Promise.all(members.map((member) => member.all()));
    expect(misplaced(members)).toEqual([]);
    expect(texts).toEqual([]);
    expect(server.associations()).toHaveLength(MANY);
  }, 240_000);
});
