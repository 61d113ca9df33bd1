/** Help for people, from the commands themselves. */
import { HELP } from './arguments';
import type { Command, OptionSpec } from './command';

/** Columns; longer lines are wrapped at words. */
const WIDTH = 96;
const PROGRAM = 'kernel-sctp';

export function overview(commands: readonly Command[]): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    `Usage: ${PROGRAM} COMMAND [OPTION…]`,
    '',
    'SCTP of the Linux kernel on the command line.',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
    '',
    `${PROGRAM} COMMAND --help explains one; --version prints the version. Exit status: 0 for success,`,
    '1 for failure, 2 for a wrong command line.',
    '',
  ].join('\n');
}

export function usage({ name, operands, options }: Command): string {
  const hasOptions = Object.keys(options).length > 0;
  return [PROGRAM, name, ...(hasOptions ? ['[OPTION…]'] : []), ...operands].join(' ');
}

export function help(command: Command): string {
  const { description, options, examples, statuses } = command;
  const all: [string, OptionSpec][] = [...Object.entries(options), ['help', HELP]];
  const labels = all.map(([name, option]) => label(name, option));
  const indent = Math.max(...labels.map(({ length }) => length)) + 4;
  return [
    `Usage: ${usage(command)}`,
    '',
    ...description.flatMap((paragraph) => [...wrap(paragraph, WIDTH), '']),
    'Options:',
    ...all.flatMap(([, option], at) => {
      const [first = '', ...rest] = wrap(option.help, WIDTH - indent);
      const start = `  ${labels[at] ?? ''}`.padEnd(indent);
      return [start + first, ...rest.map((line) => ' '.repeat(indent) + line)];
    }),
    '',
    ...wrap(exitStatus(statuses), WIDTH),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function exitStatus(statuses: Command['statuses']): string {
  const others = Object.entries(statuses).map(([status, meaning]) => `, ${status} ${meaning}`);
  return `Exit status: 0 for success, 2 for a wrong command line${others.join('')}.`;
}

/** `-p, --ppid PPID` */
export function label(name: string, { short, value }: OptionSpec): string {
  const prefix = short === undefined ? '    ' : `-${short}, `;
  return `${prefix}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
