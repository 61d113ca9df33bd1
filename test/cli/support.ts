/** Commands of the command line as programs. */
import { join } from 'node:path';

import { type Ended, type Program, projectRoot, start } from '../support/child';

const program = join(projectRoot, 'bin', 'kernel-sctp.js');

/** Starts a command. @param prefix what comes before it: a namespace */
export function startCommand(words: readonly string[], prefix: readonly string[] = []): Program {
  const [command = '', ...rest] = [...prefix, process.execPath, program, ...words];
  return start(command, rest);
}

/** Runs a command to its end. */
export async function runCommand(
  words: readonly string[],
  { input = '', prefix = [] as readonly string[] } = {},
): Promise<Ended> {
  const child = startCommand(words, prefix);
  child.process.stdin.end(input);
  return child.ended;
}

/** A listener that is ready. Its notes go to stderr, where this finds the port. */
export async function startListening(
  words: readonly string[],
  prefix: readonly string[] = [],
): Promise<{ program: Program; port: string }> {
  const child = startCommand(words, prefix);
  const port = await noted(child, /listening on port (\d+)/);
  return { program: child, port: port[1] ?? '' };
}

/** Resolves once a command has printed this on stderr. */
export async function noted(child: Program, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.process.stderr.on('data', (data) => {
      text += String(data);
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.process.once('close', () => {
      reject(new Error(`it ended without noting ${String(pattern)}: ${text}`));
    });
  });
}

/** The JSON objects that a command printed, one a line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
