/** Handles in worker threads. */
import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';
import { success } from './run';

describeSctp('a worker with open handles', () => {
  test('may end in any way at any moment: the process lives, and nothing stays open', async () => {
    const source = "require('./build/test/lifecycle/programs/worker-ends')";
    // A worker may be gone before the first message to it arrives: that is reported correctly.
    const args = ['--disable-warning=SCTP_LOST_AFTER_CLOSE'];
    const { stdout, ...ended } = await startNode(source, { args }).ended;
    const [seed, ...lines] = stdout.trimEnd().split('\n');
    expect({ seed, ...ended, lines: lines.sort() }).toEqual({
      seed: expect.stringMatching(/^seed \d+$/) as string,
      code: 0,
      signal: null,
      stderr: '',
      lines: [
        'descriptors 0',
        'exit: 5 10',
        'return: 0 10',
        expect.stringMatching(/^terminate (1\d|20)$/) as string,
        'throw: 1 thrown in a worker 10',
      ],
    });
  }, 180_000);

  test('may be terminated when it has not read its input', async () => {
    const ended = startNode("require('./build/test/lifecycle/programs/worker-busy')").ended;
    expect(await ended).toEqual(success('10\n'));
  });

  test('may be terminated in the middle of any native method', async () => {
    const ended = startNode("require('./build/test/lifecycle/programs/worker-calls')").ended;
    expect(await ended).toEqual(success('24\n'));
  }, 120_000);
});

describeSctp('the main thread and several workers', () => {
  test('use the addon at once, each with its own memory', async () => {
    const ended = startNode("require('./build/test/lifecycle/programs/worker-mesh')").ended;
    expect(await ended).toEqual(success("[ 'done', 'done', 'done' ]\n[ 0, 0, 0 ] 0\n"));
  });
});
