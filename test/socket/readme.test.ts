/** Every JavaScript example in the README runs, and prints what its comments say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot, startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1] as string);

describeSctp('the README', () => {
  test('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  test.each(examples)('%s', async (source) => {
    const { code, stdout, stderr } = await startNode(source).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [, expected] of source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)) {
      expect(stdout).toContain(`${String(expected)}\n`);
    }
  });
});
