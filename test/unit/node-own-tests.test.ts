/** What docs/net.md says about Node's own tests, against the list by which they are run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../support/child';

interface Expected {
  reasons: Record<string, string>;
  cannot: Record<string, string[]>;
  alsoWithMessages: Record<string, string[]>;
}

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const { reasons, cannot, alsoWithMessages } = JSON.parse(
  read('scripts', 'node-own-tests', 'expected.json'),
) as Expected;
const [, section = ''] = read('docs', 'net.md').split("## Node's own tests");

const onPage = (column: number): string[] =>
  (section.split('\n\n').find((part) => part.includes('`test-net-…`')) ?? '')
    .split('\n')
    .slice(2)
    .flatMap((row) => row.split('|')[column]?.match(/`[a-z0-9_-]+`/g) ?? [])
    .map((name) => name.slice(1, -1))
    .sort();

test.each([
  ['net', 2],
  ['http', 3],
])('the page lists the tests of %s that do not hold', (family, column) => {
  const differing = Object.entries(cannot)
    .filter(
      ([reason]) => !['names', 'by chance', 'streams', 'release', 'replaced'].includes(reason),
    )
    .flatMap(([, tests]) => tests)
    .filter((name) => name.startsWith(`${family}-`))
    .map((name) => name.slice(family.length + 1));
  expect(differing.length).toBeGreaterThan(0);
  expect(onPage(column)).toEqual(differing.sort());
});

test('the page names those that need byteStream', () => {
  for (const name of Object.values(alsoWithMessages).flat()) {
    expect(section).toContain(`\`${name.replace(/^net-/, '')}\``);
  }
});

test('each test has one reason, and each reason has tests and words', () => {
  const all = Object.values(cannot).flat();
  expect(all).toEqual([...new Set(all)]);
  const used = new Set([...Object.keys(cannot), ...Object.keys(alsoWithMessages)]);
  expect(new Set(Object.keys(reasons))).toEqual(used);
});

test('the page counts them', () => {
  const ofNet = (tests: readonly string[] = []): number =>
    tests.filter((name) => name.startsWith('net-')).length;
  const differing = Object.entries(cannot).filter(
    ([reason]) => !['names', 'by chance', 'streams', 'release', 'replaced'].includes(reason),
  );
  const all = differing.reduce((sum, [, tests]) => sum + ofNet(tests), 0);
  const strange = ['paths', 'families', 'descriptors', 'cluster', 'internals'];
  const beyond = strange.reduce((sum, reason) => sum + ofNet(cannot[reason]), 0);
  const [, total, hold] = /Of the (\d+) tests of `net`.*?, (\d+) hold with/.exec(section) ?? [];
  expect(Number(hold)).toBe(Number(total) - all);
  const rest = Number(total) - beyond;
  const words = `${String(beyond)} of the others ask .* of the ${String(rest)} that do not, ${String(hold)} hold`;
  expect(section).toMatch(new RegExp(words));
});
