/** Every JavaScript example in the README and in docs/ runs, and prints what its comments say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot, startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

const pages = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));

function examplesOn(page: string): string[] {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  return [...text.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1] as string);
}

const examples = ['README.md', ...pages.map((name) => join('docs', name))].flatMap((page) =>
  examplesOn(page).map((source, index) => ({ name: `${page} #${String(index + 1)}`, source })),
);

describeSctp('the documentation', () => {
  test('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  test.each(examples)('$name', async ({ source }) => {
    const { code, stdout, stderr } = await startNode(source).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [, expected] of source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)) {
      expect(stdout).toContain(`${String(expected)}\n`);
    }
  });
});
