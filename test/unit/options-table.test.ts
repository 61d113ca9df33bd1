/** The table of options agrees with the native layouts, the types and the README. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { binding } from '#lib/binding';
import type { FieldKind } from '#lib/options/fields';
import { optionNames, optionTable } from '#lib/options/table';

import { projectRoot } from '../support/child';

function fieldsOf(
  name: (typeof optionNames)[number],
): Record<string, FieldKind & { native?: string }> {
  const { fields } = optionTable[name];
  return 'toNative' in fields ? { value: fields as FieldKind } : fields;
}

test('every option has a native layout, and every layout an option', () => {
  expect([...optionNames].sort()).toEqual(Object.keys(binding.optionFields).sort());
});

test.each(optionNames)('%s: the fields are those of the struct', (name) => {
  const fields = Object.entries(fieldsOf(name)).map(([field, kind]) => kind.native ?? field);
  const native = binding.optionFields[name]?.filter((field) => field !== 'assocId');
  expect(fields.sort()).toEqual(native?.sort());
});

test.each(optionNames)('%s: it reaches associations only if its struct names one', (name) => {
  const namesOne = binding.optionFields[name]?.includes('assocId');
  expect(optionTable[name].reach !== 'none').toBe(namesOne);
});

test.each(optionNames)('%s: the types declare it, with its fields', (name) => {
  const types = readFileSync(join(projectRoot, 'types', 'options.d.ts'), 'utf8');
  const declared = new RegExp(`^  ${name}: (?:Required<(\\w+)>|boolean|number);`, 'm').exec(types);
  expect(declared).not.toBeNull();
  const struct = declared?.[1];
  if (struct === undefined) return;
  const body = new RegExp(`interface ${struct} \\{([^}]*)\\}`).exec(types)?.[1] ?? '';
  const fields = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1]);
  expect(fields.sort()).toEqual(Object.keys(optionTable[name].fields).sort());
});

test.each(optionNames)('%s: the README lists it', (name) => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const row = new RegExp(`^\\| \`${name}\` +\\| (.*) \\|$`, 'm').exec(readme)?.[1];
  expect(row).toBeDefined();
  for (const field of Object.keys(optionTable[name].fields)) {
    if (!('toNative' in optionTable[name].fields)) expect(row).toContain(field);
  }
});
