/**
 * A long message that comes while what was sent before it is lost: both arrive, and in their order.
 * The kernel can deliver the beginning of such a message early, and then never delivers its end.
 */
import { join } from 'node:path';

import { start } from '../../support/child';
import { twoHosts } from '../../support/namespaces';
import { describeSctp } from '../../support/sctp';

const PROGRAM = join(__dirname, '..', '..', 'support', 'lost-before-long.js');
/** What is lost has one packet, or several; what follows is under way with it, or goes on after it. */
const LENGTHS = [
  [100, 20_000],
  [3000, 20_000],
  [100, 60_000],
] as const;

/** What the receiver of this kind has printed once it has got both. */
async function arrivals(kind: string, lost: number, long: number): Promise<string[]> {
  const { a: host } = await twoHosts();
  await host.ip('link', 'set', 'lo', 'mtu', '1500');
  const args = [process.execPath, PROGRAM, kind, String(lost), String(long)];
  const [command = '', ...rest] = [...host.prefix, ...args];
  const program = start(command, rest);
  await program.printed(/\n.*\n/);
  return program.output().trimEnd().split('\n');
}

describeSctp('a long message after a lost one', () => {
  test.each(LENGTHS)(
    'socket: %d and %d bytes come in order',
    async (lost, long) => {
      expect(await arrivals('socket', lost, long)).toEqual([lost, long].map(String));
    },
    60_000,
  );

  test.each(['open', 'endpoint', 'peeled off'])(
    '%s: both come in order',
    async (kind) => {
      expect(await arrivals(kind, 3000, 20_000)).toEqual(['3000', '20000']);
    },
    60_000,
  );

  test('byteStream: the bytes come in order', async () => {
    const lines = ['3000 bytes of 239', '20000 bytes of 171'];
    expect(await arrivals('byteStream', 3000, 20_000)).toEqual(lines);
  }, 60_000);
});
