/** docs/options.md is what the table, the types and the kernel say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { optionNames } from '#lib/options/table';

import { projectRoot, start } from '../support/child';
import { describeSctp } from '../support/sctp';

const page = readFileSync(join(projectRoot, 'docs', 'options.md'), 'utf8');

describeSctp('the reference of options', () => {
  // To renew it: scripts/with-sctp node scripts/options-page/print.mjs > docs/options.md
  test('is what is printed of the table', async () => {
    const { ended } = start('node', ['scripts/options-page/print.mjs']);
    const { stdout: printed, stderr } = await ended;
    expect(stderr).toBe('');
    expect(page).toBe(printed);
  });

  test.each(optionNames)('%s has a section, with a text', (name) => {
    expect(page).toMatch(new RegExp(`^### \`${name}\`\\n\\n[A-Z]`, 'm'));
  });
});
