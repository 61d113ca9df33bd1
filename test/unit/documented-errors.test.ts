/** docs/errors.md lists every code that this package's errors can have, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../support/child';

const CODE = /\bERR_(?:SCTP_[A-Z_]+|IP_BLOCKED|SOCKET_DGRAM_NOT_RUNNING)\b/g;

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const codesIn = (text: string) => [...new Set(text.match(CODE))].sort();

const sources = readdirSync(join(projectRoot, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`lib/${name}`))
  .join('\n');

test('docs/errors.md has a row for each code', () => {
  const rows = read('docs/errors.md').split('\n');
  const firstCells = rows.filter((row) => row.startsWith('|')).map((row) => row.split('|')[1]);
  expect(codesIn(firstCells.join('\n'))).toEqual(codesIn(sources));
});

test('the codes of the README are among them', () => {
  const documented = codesIn(read('docs/errors.md'));
  expect(codesIn(read('README.md')).filter((code) => !documented.includes(code))).toEqual([]);
});

test('the tests meet every system error that docs/errors.md explains', () => {
  const section = /^## System errors\n(.*?)^## /ms.exec(read('docs/errors.md'))?.[1] ?? '';
  const codes = [...section.matchAll(/^\| `(E[A-Z]+)`/gm)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(10);
  const tests = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => read(`test/${name}`))
    .join('\n');
  expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
});
