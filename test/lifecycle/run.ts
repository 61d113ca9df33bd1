/** Programs in child processes, whose end is the test. */
import { type Ended, type Program, startNode } from '../support/child';

export interface RunOptions {
  args?: string[];
  env?: NodeJS.ProcessEnv;
}

/** Starts a Node program: source text in which `await`, the kit's names and `gc()` can be used. */
export function startProgram(source: string, { args = [], env = {} }: RunOptions = {}): Program {
  const program = `
    const { HOST, collectUntil, connect, connection, createServer, descriptors, open, openPair,
      turn, until } = require('./build/test/lifecycle/kit');
    (async function main() {
      ${source}
    })();`;
  return startNode(program, { args: ['--expose-gc', ...args], env });
}

/** Runs a program to its end. */
export function run(source: string, options?: RunOptions): Promise<Ended> {
  return startProgram(source, options).ended;
}

/** How a program ends that is content. */
export function success(stdout = ''): Ended {
  return { code: 0, signal: null, stdout, stderr: '' };
}
