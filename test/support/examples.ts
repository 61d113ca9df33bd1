/** The programs in examples/, run by tests. */
import { join } from 'node:path';

import { type Program, projectRoot, start } from './child';

/** `prefix` is what a command begins with on another host: see `Namespace`. */
export function example(
  name: string,
  args: string[] = [],
  prefix: readonly string[] = [],
): Program {
  const node = [process.execPath, join(projectRoot, 'examples', name), ...args];
  const [command = '', ...words] = [...prefix, ...node];
  return start(command, words);
}

/** One that has printed where it listens, and its port there. */
export async function listeningExample(
  name: string,
  args: string[] = ['0'],
): Promise<{ program: Program; port: number }> {
  const program = example(name, args);
  const [, port] = await program.printed(/listening on (?:\S+:)?(\d+)/);
  return { program, port: Number(port) };
}
