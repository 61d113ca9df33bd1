/** The table of options agrees with the native layouts, and the types. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { binding } from '#lib/binding';
import { type FieldKind, type Fields, isKind } from '#lib/options/fields';
import { nativeName } from '#lib/options/codec';
import { optionNames, optionTable } from '#lib/options/table';

import { projectRoot } from '../support/child';

const typesFolder = join(projectRoot, 'types');
const typesFiles = readdirSync(join(typesFolder, 'options')).map((file) => join('options', file));
const types = ['options.d.ts', ...typesFiles]
  .map((file) => readFileSync(join(typesFolder, file), 'utf8'))
  .join('\n');

/** What `getOption` returns: the members of the interfaces …Options. */
const values = [...types.matchAll(/^export interface \w+Options \{\n(.*?)^\}/gms)]
  .map((match) => match[1])
  .join('\n');

/** The native names of an option's fields. */
function nativeNames(fields: FieldKind | Fields, name: string): string[] {
  if (isKind(fields)) return [fields.native ?? name];
  return Object.entries(fields).flatMap(([field, kind]) =>
    nativeNames(kind, nativeName(name, field)),
  );
}

/** The fields as users see them, those of structs in structs after these. */
function publicNames(fields: FieldKind | Fields): string[] {
  if (isKind(fields)) return [];
  return Object.entries(fields).flatMap(([field, kind]) => [field, ...publicNames(kind)]);
}

test('every option has a native layout, and every layout an option', () => {
  const older = optionNames.flatMap((name) => optionTable[name].older?.layout ?? []);
  const layouts = Object.keys(binding.optionFields);
  expect([...optionNames, ...older].sort()).toEqual(layouts.sort());
});

test.each(optionNames)('%s: the older layout lacks what it is said to lack', (name) => {
  const { older } = optionTable[name];
  const fields = binding.optionFields[older?.layout ?? name];
  expect([...(fields ?? []), ...(older?.lacks ?? [])]).toEqual(binding.optionFields[name]);
});

test.each(optionNames)('%s: the fields are those of the struct', (name) => {
  const row = optionTable[name];
  const { fields } = row;
  // Several may live in one field of flags.
  const names = new Set(nativeNames(fields, isKind(fields) ? 'value' : ''));
  if (row.flags) names.add('flags');
  const native = binding.optionFields[name]?.filter((field) => field !== 'assocId');
  expect([...names].sort()).toEqual(native?.sort());
});

test.each(optionNames)('%s: it reaches associations only if its struct names one', (name) => {
  const namesOne = binding.optionFields[name]?.includes('assocId');
  expect(optionTable[name].reach !== 'none').toBe(namesOne);
});

test.each(optionNames)('%s: arguments are fields of it', (name) => {
  const fields = publicNames(optionTable[name].fields);
  for (const argument of Object.keys(optionTable[name].arguments ?? {})) {
    expect(fields).toContain(argument);
  }
});

/** Types that are one of some words. */
const choices = [...types.matchAll(/^export type (\w+) =\s+\|? ?'/gm)].map((match) => match[1]);

/** The body of an interface, or what a type is. */
function declaration(name: string): string {
  const found = new RegExp(`(?:interface ${name} \\{([^}]*)\\})|(?:type ${name} =([^;]*);)`).exec(
    types,
  );
  return found?.[1] ?? found?.[2] ?? '';
}

/** That an interface has these fields, and those that are structs theirs. */
function expectDeclared(struct: string, fields: Fields): void {
  const declared = [...declaration(struct).matchAll(/^ {2}(\w+)\??: (\w+)/gm)];
  expect(declared.map((match) => match[1]).sort()).toEqual(Object.keys(fields).sort());
  for (const [, field = '', type = ''] of declared) {
    const kind = fields[field] as FieldKind | Fields;
    if (!isKind(kind)) expectDeclared(type, kind);
  }
}

test.each(optionNames)('%s: the types declare it, with its fields', (name) => {
  // What it is, before what else it may be set to.
  const declared = new RegExp(`^  ${name}: (?:Required<(\\w+)>(?: & \\{.*\\})?|(\\w+));`, 'm').exec(
    values,
  );
  expect(declared).not.toBeNull();
  const type = declared?.[1] ?? declared?.[2] ?? '';
  const { fields } = optionTable[name];
  if (isKind(fields))
    expect([
      'boolean',
      'number',
      'string',
      'Address',
      'HmacIdents',
      'ChunkTypes',
      ...choices,
    ]).toContain(type);
  else expectDeclared(type, fields);
});

test('the types show what can only be read or set, and what needs an association', () => {
  const namesIn = (type: string): string[] =>
    [...declaration(type).matchAll(/'(\w+)'/g)].map((match) => match[1] as string).sort();
  const readOnly = optionNames.filter((name) => optionTable[name].readOnly);
  expect(namesIn('ReadOnlyOptionName')).toEqual([...readOnly].sort());
  const parts = optionNames.filter((name) => ['one', 'present'].includes(optionTable[name].reach));
  expect(namesIn('AssociationOptionName')).toEqual([...parts].sort());
  const writeOnly = optionNames.filter((name) => optionTable[name].writeOnly);
  expect(namesIn('WriteOnlyOptionName')).toEqual([...writeOnly].sort());
});
