/** Sockets and servers in worker threads. */
import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

describeSctp('a worker with servers and sockets in traffic', () => {
  test('may end in any way at any moment: the process lives, and nothing stays open', async () => {
    const source = "require('./build/test/lifecycle/programs/socket-worker-ends')";
    const { stdout, ...ended } = await startNode(source).ended;
    const [seed, ...lines] = stdout.trimEnd().split('\n');
    expect({ seed, ...ended, lines: lines.sort() }).toEqual({
      seed: expect.stringMatching(/^seed \d+$/) as string,
      code: 0,
      signal: null,
      stderr: '',
      lines: [
        'descriptors 0',
        'exit: 5 5',
        'return: 0 5',
        'terminate 10',
        'throw: 1 thrown in a worker 5',
      ],
    });
  }, 180_000);
});
