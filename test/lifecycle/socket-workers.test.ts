/** Sockets, servers and endpoints in worker threads. */
import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

describeSctp('a worker in the midst of traffic', () => {
  test.each([
    ['servers and sockets', 'socket-worker-ends'],
    ['endpoints', 'endpoint-worker-ends'],
  ])(
    'with %s may end at any moment, and nothing stays open',
    async (_, program) => {
      const source = `require('./build/test/lifecycle/programs/${program}')`;
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
    },
    180_000,
  );
});
