// What the comments in types/options say of options, their structs and fields.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DECLARATION =
  /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?export (?:interface|type) (\w+)([^]*?)(?=\n\n(?:\/\*\*|export|interface|type|$)|$)/g;
const MEMBER = /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)? *(\w+)\??: ([^;]+);/g;

function clean(comment = '') {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

export function readComments(folder) {
  const types = {};
  const themes = {};
  const members = {};
  for (const file of readdirSync(folder)) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, comment, name, body] of source.matchAll(DECLARATION)) {
      const fields = {};
      for (const [, text, field, type] of body.matchAll(MEMBER)) {
        fields[field] = { text: clean(text), type };
      }
      types[name] = { text: clean(comment), fields };
      // An option's theme is the file of the interface that declares it.
      if (/Options$/.test(name) && file !== 'index.d.ts') {
        themes[file.replace('.d.ts', '')] = Object.keys(fields);
        Object.assign(members, fields);
      }
    }
  }
  return {
    optionsOf: (theme) => themes[theme] ?? [],
    member: (option) => members[option]?.text ?? '',
    typeOf: (option) => /\w+(?=>|$)/.exec(members[option]?.type ?? '')?.[0],
    type: (name) => types[name]?.text ?? '',
    fieldsOf: (name) => (field) => types[name]?.fields[field]?.text ?? '',
  };
}
