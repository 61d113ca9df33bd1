/** The public API with random values: only documented errors, no crash, no hang, no leak. */
import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

describeSctp('the public API', () => {
  test.each([
    ['open() and the methods of a handle', 'api-calls'],
    ['sockets and servers', 'socket-calls'],
    ['endpoints and their associations', 'endpoint-calls'],
  ])(
    'with random values: %s',
    async (_, program) => {
      const source = `require('./build/test/lifecycle/programs/${program}')`;
      // Closing warns of what was lost.
      const ended = await startNode(source, { args: ['--no-warnings'] }).ended;
      expect(ended).toEqual({
        code: 0,
        signal: null,
        stdout: expect.stringMatching(/^seed \d+\ndone\n$/) as string,
        stderr: '',
      });
    },
    120_000,
  );
});
