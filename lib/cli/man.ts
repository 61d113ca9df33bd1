/** The manual page, in roff, from the commands themselves. */
import { HELP } from './arguments';
import type { Command } from './command';
import { label, usage } from './help';

export function manualPage(commands: readonly Command[]): string {
  return [
    '.TH KERNEL-SCTP 1',
    '.SH NAME',
    'kernel-sctp \\- SCTP of the Linux kernel on the command line',
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [`.B ${escaped(usage(command))}`, '.br']),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH EXIT STATUS',
    '0 for success, 1 for failure, 2 for a wrong command line.',
    '.SH ENVIRONMENT',
    'NO_COLOR and FORCE_COLOR decide on colours; without them a terminal gets them.',
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  const { summary, description, options, examples } = command;
  return [
    `.SS ${escaped(usage(command))}`,
    `${escaped(capitalized(summary))}.`,
    ...description.flatMap((paragraph) => ['.PP', escaped(paragraph)]),
    ...Object.entries({ ...options, help: HELP }).flatMap(([name, option]) => [
      '.TP',
      `.B ${escaped(label(name, option).trim())}`,
      escaped(option.help),
    ]),
    '.PP',
    'Examples:',
    '.PP',
    '.nf',
    ...examples.map((example) => escaped(`    ${example}`)),
    '.fi',
  ];
}

/** A line that begins with a dot or a quote is a request, and a hyphen is not a minus. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
