/** From words of a command line to a command's options and operands. */
import { parseArgs } from 'node:util';

import { didYouMean } from '../errors';
import type { Command, Invocation, OptionSpecs } from './command';
import { UsageError } from './usage-error';

export const HELP = { type: 'boolean', short: 'h', help: 'Print this help.' } as const;

type Parsed = Pick<Invocation<OptionSpecs>, 'values' | 'operands'> & { readonly help: boolean };

/** @throws UsageError */
export function parseArguments(command: Command, words: readonly string[]): Parsed {
  const options = { ...command.options, help: HELP };
  checkNames(words, options);
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. .*/s, ''));
  }
  const { help, ...values } = parsed.values;
  const operands = parsed.positionals;
  if (help !== true) checkOperands(command, operands);
  return { values: values, operands, help: help === true };
}

/** Node's own message of an unknown option suggests nothing. */
function checkNames(words: readonly string[], options: OptionSpecs): void {
  for (const word of words) {
    if (word === '--') return;
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name === undefined || Object.hasOwn(options, name)) continue;
    const known = Object.keys(options).map((known) => `--${known}`);
    throw new UsageError(`unknown option --${name}${didYouMean(`--${name}`, known)}`);
  }
}

function checkOperands({ name, operands }: Command, given: readonly string[]): void {
  const isOptional = (operand: string): boolean => operand.startsWith('[');
  const missing = operands[given.length];
  if (missing !== undefined && !isOptional(missing)) {
    throw new UsageError(`${name} needs ${missing}`);
  }
  const extra = given[operands.length];
  const repeats = operands.at(-1)?.includes('…') === true;
  if (extra !== undefined && !repeats) throw new UsageError(`unexpected '${extra}'`);
}
