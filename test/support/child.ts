/** Programs in processes of their own: peers, and programs whose end is the test. */
import {
  type ChildProcessWithoutNullStreams,
  spawn,
  type SpawnOptionsWithoutStdio,
} from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { defer } from './cleanup';

export const projectRoot = join(__dirname, '..', '..', '..');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  process: ChildProcessWithoutNullStreams;
  ended: Promise<Ended>;
  /** Resolves with the match as soon as the program has printed it; rejects if it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** What it has printed so far. */
  output(): string;
  /** Writes a line to its standard input. */
  say(line: string): void;
}

/** Starts a program; it is killed after the test if it still runs. */
export function start(
  command: string,
  args: string[],
  options: SpawnOptionsWithoutStdio = {},
): Program {
  const child = spawn(command, args, { cwd: projectRoot, ...options, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (output.stdout += String(data)));
  child.stderr.on('data', (data) => (output.stderr += String(data)));
  const ended = once(child, 'close').then((end) => {
    const [code, signal] = end as [number | null, NodeJS.Signals | null];
    return { code, signal, ...output };
  });
  ended.catch(() => undefined); // a command that cannot be started fails whoever waits for it
  defer(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  });

  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output.stdout);
      if (match) return match;
      const end = await Promise.race([ended, once(child.stdout, 'data')]);
      if (!Array.isArray(end) && !pattern.test(output.stdout)) {
        throw new Error(
          `${command} ended without printing ${String(pattern)}: ${JSON.stringify(end)}`,
        );
      }
    }
  };
  return {
    process: child,
    ended,
    printed,
    output: () => output.stdout,
    say: (line) => child.stdin.write(`${line}\n`),
  };
}

/** Runs a Node program given as source text; `require('kernel-sctp')` works in it. */
export function startNode(
  source: string,
  options: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Program {
  const env = { ...process.env, ...options.env };
  return start(process.execPath, [...(options.args ?? []), '-e', source], { env });
}

/** Runs a Python program given as source text. */
export function startPython(source: string, args: string[] = []): Program {
  // The distribution's: others may lack protocol 132's constants or be slow to start.
  return start('/usr/bin/python3', ['-u', '-c', source, ...args]);
}
