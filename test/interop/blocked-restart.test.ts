/** `blockList` where a peer restarts: its addresses are checked anew, on a real kernel. */
import { join } from 'node:path';

import { projectRoot, start } from '../support/child';
import { describeSctp } from '../support/sctp';

const PROGRAM = join(projectRoot, 'build', 'test', 'interop', 'blocked-restart-program.js');

/** In a network namespace of its own. */
async function restarted(...blocked: string[]): Promise<unknown> {
  const inside = 'ip link set lo up && exec "$0" "$@"';
  const node = [process.execPath, PROGRAM, ...blocked];
  const { stdout, stderr } = await start('unshare', ['--net', 'sh', '-c', inside, ...node]).ended;
  return stdout === '' ? stderr : JSON.parse(stdout);
}

describeSctp('a peer that restarts', () => {
  test('is kept while none of its addresses is blocked', async () => {
    expect(await restarted('127.0.0.9')).toEqual({ event: 'restart' });
  });

  test.each(['127.0.0.2', '127.0.0.3'])('is ended once %s is blocked', async (address) => {
    expect(await restarted(address)).toEqual({ event: 'error', code: 'ERR_IP_BLOCKED', address });
  });
});
