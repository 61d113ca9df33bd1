/** What the addon is passed may throw when it is looked at: the exception comes back, and nothing breaks. */
import { startNode } from '../support/child';

test('every exported method and class', async () => {
  const source = "require('./build/test/lifecycle/programs/throwing-getters')";
  const ended = await startNode(source).ended;
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'done\n', stderr: '' });
}, 60_000);

test.each(['EngineAssociation', 'EngineListener'])(
  'the exception is that of the getter: %s',
  async (name) => {
    const source = `
    const native = require('./build/Release/kernel_sctp.node');
    const config = { get mtu() { throw new RangeError('mine'); } };
    const late = { get returnsFailed() { throw new RangeError('mine'); } };
    const outcome = (given) => {
      try { return String(new native.${name}(given)); } catch (error) { return String(error); }
    };
    console.log(outcome(config), outcome({ mtu: 'x' }), outcome(late));`;
    const { stdout } = await startNode(source).ended;
    const late = name === 'EngineAssociation' ? 'RangeError: mine' : '[object Object]';
    expect(stdout).toBe(`RangeError: mine TypeError: Illegal configuration ${late}\n`);
  },
);
