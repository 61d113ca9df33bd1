/** `npx kernel-sctp COMMAND …` */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { didYouMean } from '../errors';
import { parseArguments } from './arguments';
import { commands } from './commands';
import { help, overview, usage } from './help';
import type { Io } from './io';
import { terminal } from './terminal';
import { UsageError } from './usage-error';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs the process's own command line. */
export function main(): void {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  // `kernel-sctp listen | head` ends without a complaint.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(FAILED);
  });
  const io = terminal(interruption.signal);
  void run(process.argv.slice(2), io).then((status) => {
    process.exitCode = status;
    io.release();
    for (const signal of signals) process.off(signal, interrupt); // what is left must not survive one
  });
}

async function run(words: readonly string[], io: Io): Promise<number> {
  const [first, ...others] = words;
  // `help ping` is `ping --help`.
  const [name, ...rest] = first === 'help' && others[0] ? [others[0], '--help'] : words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await io.write(overview(commands));
    return name === undefined ? WRONG_USAGE : 0;
  }
  if (name === '--version' || name === '-V') {
    io.print(version());
    return 0;
  }
  const command = commands.find((known) => known.name === name);
  if (command === undefined) {
    const names = commands.map((known) => known.name);
    const hint = didYouMean(name, names);
    io.note(`kernel-sctp: unknown command '${name}'${hint}; expected one of ${names.join(', ')}`);
    return WRONG_USAGE;
  }
  try {
    const { help: wantsHelp, ...parsed } = parseArguments(command, rest);
    if (!wantsHelp) return await command.run({ io, ...parsed });
    await io.write(help(command));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      io.note(`kernel-sctp ${name}: ${error.message}. Usage: ${usage(command)}`);
      return WRONG_USAGE;
    }
    io.note(`kernel-sctp ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return FAILED;
  }
}

function version(): string {
  const path = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
