/** docs/standards.md has every standard that the sources stand on, and names only what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as sctp from 'kernel-sctp';
import * as channels from 'kernel-sctp/channels';
import { optionNames } from '#lib/options/table';

import { projectRoot } from '../support/child';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const page = read('docs/standards.md');

function sourcesOf(folder: string): string {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|h|cc)$/.test(name))
    .map((name) => read(`${folder}/${name}`))
    .join('\n');
}

const rfcsIn = (text: string) => [
  ...new Set([...text.matchAll(/\bRFC (\d{4})\b/g)].map(([, number = '']) => number)),
];

/** What SCTP itself stands on: not the protocols that PPIDs are for, nor those of other layers. */
test('every RFC of the engine and of the options', () => {
  const listed: string[] = page.match(/\b\d{4}\b/g) ?? [];
  const others = ['1982', '2104', '3493', '2474', '8985', '8841'];
  const sources = [
    sourcesOf('native/engine'),
    sourcesOf('types/options'),
    sourcesOf('lib/options'),
  ];
  const used = rfcsIn(sources.join('\n'));
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((number) => !listed.includes(number) && !others.includes(number))).toEqual([]);
});

test('names are those of options, exports and members', () => {
  const types = sourcesOf('types') + sourcesOf('lib');
  const known = new Set<string>([
    ...optionNames,
    ...Object.keys(sctp),
    ...Object.keys(channels),
    ...Object.keys(sctp.presets),
  ]);
  const names = [...page.matchAll(/`'?(\w+)(?:\([^`]*\))?'?`/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(40);
  const unknown = [...new Set(names)].filter(
    (name) => !known.has(name) && !new RegExp(`\\b${name}\\b`).test(types),
  );
  expect(unknown).toEqual([]);
});
