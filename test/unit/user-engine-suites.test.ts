/** Each suite of test/socket runs on the engine in user space, or the list says why not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../support/child';
import { left, runs } from '../support/user-engine-suites.json';

const folder = join(projectRoot, 'test', 'socket');
const suites = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -'.test.ts'.length));

function isLeft(suite: string): boolean {
  return suite in left || `${suite.split('/')[0] as string}/*` in left;
}

test('every suite is in the list once', () => {
  expect(suites.filter((suite) => runs.includes(suite) === isLeft(suite))).toEqual([]);
});

test('the list names no other', () => {
  const known = (name: string): boolean =>
    suites.some((suite) => suite === name || `${suite.split('/')[0] as string}/*` === name);
  expect([...runs, ...Object.keys(left)].filter((name) => !known(name))).toEqual([]);
});
