/** A peer of an endpoint that has lost its association and begins another from the same port. */
import { join } from 'node:path';

import { projectRoot, start } from '../support/child';
import { describeSctp } from '../support/sctp';

const PROGRAM = join(projectRoot, 'build', 'test', 'interop', 'endpoint-restart-program.js');

/** In a network namespace of its own. */
async function restarted(how: 'heard' | 'unheard' | 'busy'): Promise<Record<string, unknown>> {
  const inside = 'ip link set lo up && exec "$0" "$@"';
  const node = [process.execPath, PROGRAM, how];
  const { stdout, stderr } = await start('unshare', ['--net', 'sh', '-c', inside, ...node]).ended;
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describeSctp('the peer of an association on an endpoint', () => {
  test.each([
    ["restarts: 'restart', each message reported lost once, and it goes on", 'heard'],
    ['restarts unread: nothing that waited for it reaches the next', 'busy'],
  ] as const)('%s', async (_, how) => {
    const { events, published, texts, ...rest } = await restarted(how);
    expect(published).toEqual({ isFar: true, outboundStreams: 10, inboundStreams: 4 });
    expect(rest).toEqual({
      isSame: true,
      id: true,
      waited: true,
      dry: 'ECONNRESET',
      text: 'I am new',
    });
    const all = events as [string, unknown, unknown][];
    const lost = all.filter(([event]) => event === 'lost');
    const contexts = lost.map(([, context]) => context as number);
    // What the kernel is given in the moment of the restart goes to the new peer: docs/notifications.md.
    const arrived = (texts as string[]).filter((text) => text !== 'welcome');
    if (how === 'busy') expect(arrived).toEqual([]);
    const others = arrived.map((text) => Number(text.replace('old ', '')));
    expect(contexts).toEqual([...contexts].sort((a, b) => a - b));
    expect([...contexts, ...others].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    // What the kernel had comes before, what waited here after.
    const place = all.findIndex(([event]) => event === 'restart');
    expect(place).toBeGreaterThan(0);
    expect(all[place]?.[1]).toMatchObject({ inboundStreams: 4 });
    const after = all.slice(place + 1);
    expect(after.length + others.length).toBeGreaterThan(0);
    expect(after.every(([, , sent]) => sent === false)).toBe(true);
  });

  test('restarts, and messages are lost unheard: the association is aborted', async () => {
    expect(await restarted('unheard')).toEqual({ reason: 'local', code: 'ECONNRESET' });
  });
});
