/**
 * Prints what became of Node's own tests, and fails if one that should hold does not:
 * compare.mjs TRANSPORT RESULTS [NAME…] (see run)
 */
import { readFileSync } from 'node:fs';

import { isAsked } from './names.mjs';

const [transport, file, ...names] = process.argv.slice(2);
const { reasons, cannot, alsoWithMessages } = JSON.parse(
  readFileSync(new URL('expected.json', import.meta.url), 'utf8'),
);

/** Why a test does not hold, by name. */
const expected = new Map();
if (transport !== 'tcp') {
  for (const [reason, tests] of Object.entries(cannot)) {
    for (const name of tests) expected.set(name, reason);
  }
}
if (transport === 'messages') {
  for (const [reason, tests] of Object.entries(alsoWithMessages)) {
    for (const name of tests) expected.set(name, reason);
  }
}

const results = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
  .filter(({ name }) => isAsked(name, names));

const table = new Map();
const surprises = [];
for (const { name, outcome } of results) {
  const family = name.split('-')[0];
  const row = table.get(family) ?? { holds: 0, 'cannot hold': 0, 'should hold': 0, skipped: 0 };
  table.set(family, row);
  const reason = expected.get(name);
  if (outcome === 'holds' || outcome === 'skipped') row[outcome]++;
  else row[reason === undefined ? 'should hold' : 'cannot hold']++;
  if (outcome !== 'holds' && outcome !== 'skipped' && reason === undefined) {
    surprises.push(`${name} ${outcome}, and should hold`);
  } else if (outcome === 'holds' && reason !== undefined && reason !== 'by chance') {
    surprises.push(`${name} holds, though: ${reasons[reason]}`);
  }
}

console.table(Object.fromEntries(table));
for (const line of surprises) console.log(line);
process.exitCode = surprises.some((line) => line.endsWith('should hold')) ? 1 : 0;
