/** The addon's own methods, whatever they are called on and with: no crash and no hang. */
import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

describeSctp('every exported method and class', () => {
  test('with any this, any values, in any order', async () => {
    const source = "require('./build/test/lifecycle/programs/native-calls')";
    const ended = await startNode(source, { args: ['--expose-gc'] }).ended;
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringMatching(/^seed \d+\ndone\n$/) as string,
      stderr: '',
    });
  }, 120_000);
});
