/** The list of Node's own tests of `net`, against our tests and the documentation. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../support/child';
import { type Fates, reasons } from './node-tests/fate';
import { serverTests } from './node-tests/servers';
import { socketTests } from './node-tests/sockets';

const page = readFileSync(join(projectRoot, 'docs', 'net.md'), 'utf8');
const halves: [string, Fates][] = [
  ['sockets', socketTests],
  ['servers', serverTests],
];

/** Whether there is such a test: `file: words of its title`, the file as seen from here. */
function exists(place: string): boolean {
  const [file = '', ...title] = place.split(': ');
  const path = join(projectRoot, 'test', 'socket', 'net', `${file}.test.ts`);
  return existsSync(path) && readFileSync(path, 'utf8').includes(title.join(': '));
}

test.each(halves)("Node's tests about %s are held by tests that exist", (_, tests) => {
  const lost = Object.entries(tests).filter(([, fate]) => 'held' in fate && !exists(fate.held));
  expect(lost).toEqual([]);
});

test('each of them is listed once', () => {
  const names = halves.flatMap(([, tests]) => Object.keys(tests));
  expect(names).toEqual([...new Set(names)]);
});

test.each(Object.entries(reasons))('the documentation says: %s', (reason, words) => {
  const row = page.split('\n').findLast((line) => line.includes(words)); // those that hold are above
  expect(row).toBeDefined();
  const concerned = halves.flatMap(([, tests]) =>
    Object.entries(tests)
      .filter(([, fate]) => 'cannot' in fate && fate.cannot === reason)
      .map(([name]) => name),
  );
  const named = [...(row ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(concerned.length).toBeGreaterThan(0);
  expect(named).toEqual(expect.arrayContaining(concerned));
});
