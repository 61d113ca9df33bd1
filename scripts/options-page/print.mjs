// Prints docs/options.md: made of the table, the types' comments, and what the kernel reports of a new
// socket. It needs SCTP:
//   scripts/with-sctp node scripts/options-page/print.mjs > docs/options.md
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { readComments } from './comments.mjs';

const root = join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
const { binding } = require(join(root, 'dist', 'binding.js'));
const { getOption } = require(join(root, 'dist', 'options', 'options.js'));
const { isKind } = require(join(root, 'dist', 'options', 'fields.js'));
const { optionTable } = require(join(root, 'dist', 'options', 'table.js'));

const page = join(root, 'docs', 'options.md');
const themes = [
  ['generic', 'Any socket'],
  ['features', 'Extensions of SCTP'],
  ['auth', 'Authentication'],
  ['association', 'Associations'],
  ['paths', 'Paths'],
  ['messages', 'Messages'],
  ['status', 'What the kernel reports'],
];
const comments = readComments(join(root, 'types', 'options'));

function read(name) {
  return readFileSync(join(import.meta.dirname, name), 'utf8').trim();
}

/** What the kernel reports of a new socket. */
function defaults() {
  const socket = new binding.SeqpacketSocket(1);
  const values = {};
  try {
    for (const family of [6, 4]) {
      const error = socket.open(family);
      if (error !== 0) throw new Error(`no SCTP: ${String(error)}`);
      for (const name of Object.keys(optionTable)) {
        try {
          values[name] ??= getOption(socket, name);
        } catch {
          // it has none before there is an association, or cannot be read
        }
      }
      socket.close();
    }
  } finally {
    socket.close();
  }
  return values;
}

const scopes = {
  none: 'the socket',
  future: "the socket's associations to come; of a `Socket`, its association",
  all: "the socket's associations, present and to come",
  present: "the socket's present associations",
  one: 'an association',
};

function scopeOf(row) {
  const parts = [
    row.until === 'associated' ? "the socket's associations to come" : scopes[row.reach],
  ];
  if (row.style) parts.push(`${row.style.only} sockets only`);
  if (row.readOnly) parts.push('can only be read');
  if (row.writeOnly) parts.push('can only be set');
  if (row.reach === 'one' || row.reach === 'present') parts.push('not in `sctp: { … }`');
  if (row.until === 'bound') parts.push('until it is bound');
  if (row.until === 'associated') parts.push('of a `Socket` until it connects');
  if (row.when === 'bound') parts.push('set once the socket is bound');
  if (row.reapplied) parts.push('set again on accepted sockets, which do not inherit it');
  return parts.join('; ');
}

function needsOf(row) {
  return (row.needs ?? []).map(({ option, sysctl }) => {
    const or = sysctl === undefined ? '' : ` (or \`net.sctp.${sysctl}=1\`)`;
    return `\`${option}\`${or}`;
  });
}

function errorsOf(row) {
  const named = Object.entries(row.refusals ?? {}).map(([code, text]) => `${code}: ${text}.`);
  if (row.remedy) named.push(named.length > 0 ? `Else: ${row.remedy}.` : `${row.remedy}.`);
  if (row.style) named.push(`On other sockets ERR_SCTP_OPTION: ${row.style.instead}.`);
  return named;
}

function kindText(kind) {
  const words = [kind.unit, kind.range].filter((word) => word !== undefined);
  return `${words.join(', ')}${kind.isReadOnly ? '; can only be read' : ''}`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function rowsOf(fields, described, prefix = '') {
  return Object.entries(fields).flatMap(([name, kind]) => {
    if (!isKind(kind)) return rowsOf(kind, comments.fieldsOf('PeerAddrInfo'), `${prefix}${name}.`);
    return [`| \`${prefix}${name}\` | ${cell(kindText(kind))} | ${cell(described(name))} |`];
  });
}

function section(name, values) {
  const row = optionTable[name];
  const type = comments.typeOf(name);
  const lines = [`### \`${name}\``, ''];
  for (const text of [comments.member(name), comments.type(type)]) {
    if (text !== '') lines.push(text, '');
  }
  if (isKind(row.fields)) {
    lines.push(`- Value: ${kindText(row.fields)}`);
  } else {
    lines.push('| Field | Value | |', '| --- | --- | --- |');
    lines.push(...rowsOf(row.fields, comments.fieldsOf(type)), '');
  }
  lines.push(`- Scope: ${scopeOf(row)}`);
  const args = Object.entries(row.arguments ?? {});
  if (args.length > 0) {
    const list = args.map(([arg, need]) => (need === 'needed' ? arg : `${arg}?`)).join(', ');
    lines.push(`- Read with: \`getOption('${name}', { ${list} })\``);
  }
  if (values[name] !== undefined) {
    lines.push(`- The kernel's default: \`${inspect(values[name], { breakLength: Infinity })}\``);
  }
  const needs = needsOf(row);
  if (needs.length > 0) lines.push(`- Needs: ${needs.join(', ')}`);
  const errors = errorsOf(row);
  if (errors.length > 0) lines.push(`- When it is refused: ${errors.join(' ')}`);
  lines.push(`- Source: ${row.source}`, '');
  return lines.join('\n');
}

const files = new Set(readdirSync(join(root, 'types', 'options')));
const values = defaults();
const sections = themes
  .filter(([theme]) => files.has(`${theme}.d.ts`))
  .map(([theme, title]) => {
    const names = comments.optionsOf(theme);
    return [`## ${title}`, '', ...names.map((name) => section(name, values))].join('\n');
  });
const text = [read('introduction.md'), ...sections, read('missing.md')].join('\n\n');
process.stdout.write(await format(text, { ...(await resolveConfig(page)), filepath: page }));
