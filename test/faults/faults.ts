/** Programs whose system calls on SCTP sockets fail on demand (see faults.c). */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';

import type { Ended } from '../support/child';
import { projectRoot } from '../support/child';
import { run } from '../lifecycle/run';

const SOURCE = join(projectRoot, 'test', 'faults', 'faults.c');
const LIBRARY = join(projectRoot, 'build', 'faults', 'faults.so');
const FLAGS = '-std=c17 -O1 -fPIC -shared -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror';

function isCurrent(): boolean {
  try {
    return statSync(LIBRARY).mtimeMs > statSync(SOURCE).mtimeMs;
  } catch {
    return false;
  }
}

/** Builds the library if need be. */
function library(): string {
  if (!isCurrent()) {
    mkdirSync(join(LIBRARY, '..'), { recursive: true });
    const unfinished = `${LIBRARY}.${String(process.pid)}`;
    execFileSync('cc', [...FLAGS.split(' '), SOURCE, '-o', unfinished, '-ldl']);
    renameSync(unfinished, LIBRARY);
  }
  return LIBRARY;
}

/** The numbers of errors, and what epoll reports, by name. */
function numbers(): Record<string, number> {
  const errors = [...getSystemErrorMap()].map(([errno, [name]]) => [name, -errno] as const);
  return { ...Object.fromEntries(errors), EPOLLERR: 8 };
}

/**
 * Runs a program to its end in which `faults('sendmsg=EAGAIN*3', …)` makes calls fail from there
 * on, `faults()` none, and `calls('sendmsg')` reports how often a call of these rules was made.
 */
export function runWithFaults(source: string): Promise<Ended> {
  const prelude = `
    const codes = ${JSON.stringify(numbers())};
    let changes = 0;
    const faults = (...rules) => {
      const numbers = rules.map((rule) => rule.replace(/E[A-Z]+/, (name) => codes[name]));
      process.env.SCTP_FAULTS = [...numbers, '#' + ++changes].join(' ');
    };
    const calls = (name) =>
      Number(new RegExp(name + '=(\\\\d+)').exec(process.env.SCTP_FAULT_COUNTS)?.[1] ?? 0);
    /** Lets libuv open what it opens once; returns the number of descriptors. */
    const warm = async () => {
      (await openPair(() => {})).close();
      await turn();
      return descriptors();
    };`;
  return run(`${prelude}\n${source}`, { env: { LD_PRELOAD: library() } });
}
