/** What passes over the wire, chunk by chunk (see wire.py). */
import { join } from 'node:path';

import { projectRoot, type Program, start } from './child';

/** Watches the packets of this host from now on, or of the one that `prefix` leads to. */
export async function watchWire(prefix: readonly string[] = []): Promise<Program> {
  const python = ['/usr/bin/python3', '-u', join(projectRoot, 'test', 'support', 'wire.py')];
  const [command, ...args] = [...prefix, ...python];
  const program = start(command as string, args);
  await program.printed(/^listening$/m);
  return program;
}
