/** The examples of docs/data-channels.md run, and print what their comments say; so does the program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot, start, startNode } from '../support/child';

const page = readFileSync(join(projectRoot, 'docs', 'data-channels.md'), 'utf8');
const examples = [...page.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1] as string);

test.each(examples.map((source, index) => ({ index, source })))(
  'docs/data-channels.md #$index',
  async ({ source }) => {
    const { code, stdout, stderr } = await startNode(source).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const promised = [...source.matchAll(/console\.log\(.*\);? ?\/\/ (.*)$/gm)];
    expect(promised.length).toBeGreaterThan(0);
    for (const [, expected] of promised) expect(stdout).toContain(`${String(expected)}\n`);
  },
);

test('the example', async () => {
  const program = start(process.execPath, [join(projectRoot, 'examples', 'data-channels.js')]);
  const { code, stdout, stderr } = await program.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toEqual([
    "server: channel 'chat', protocol 'text'",
    'server: hello',
    'server: 200000 bytes',
    'client: got 200000 bytes',
    'server: the channel is closed',
    'client: closed',
  ]);
});
