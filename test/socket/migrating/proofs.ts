/** What shows that a row of docs/migrating.md is true. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../support/child';

/** By the first cell of the row. */
export type Proofs = Readonly<Record<string, () => void | Promise<void>>>;

/** Another test shows it. */
export function shownIn(file: string, test: string): () => void {
  return () => {
    const path = join(projectRoot, 'test', file);
    const name = readdirSync(join(path, '..')).find((entry) =>
      entry.startsWith(`${file.split('/').at(-1) ?? ''}.`),
    );
    expect(readFileSync(join(path, '..', name ?? ''), 'utf8')).toContain(test);
  };
}

/** The first cells of a section's table. */
export function rowsOf(section: string): string[] {
  const page = readFileSync(join(projectRoot, 'docs', 'migrating.md'), 'utf8');
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const [table = ''] = text.split('\n## ');
  const cells = [...table.matchAll(/^\| (.*?) +\|/gm)].map((match) => match[1] as string);
  return cells.filter((cell) => cell !== 'There' && !/^-+$/.test(cell));
}

/** A test for each row; a row without a proof fails, and so does a proof without a row. */
export function testRows(section: string, proofs: Proofs): void {
  const rows = rowsOf(section);
  test('has a proof for each row', () => {
    expect(rows).toEqual(Object.keys(proofs));
  });
  test.each(rows)('%s', async (row) => {
    await proofs[row]?.();
  });
}
