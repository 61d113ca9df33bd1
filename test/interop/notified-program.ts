/** Runs notification-program.ts on a host, and tells what it has printed. */
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { ConnectOptions } from 'kernel-sctp';

import { projectRoot, type Program, start } from '../support/child';
import type { Namespace } from '../support/namespaces';

export interface Told {
  event: string;
  type?: string;
  state?: string;
  address?: { address: string; family: string; port: number };
  interpreted?: string;
  parsed?: Record<string, Record<string, unknown>>;
  [field: string]: unknown;
}

export class NotifiedProgram {
  readonly told: Told[] = [];
  readonly program: Program;
  readonly #lines: NodeJS.EventEmitter;

  constructor(host: Namespace, options: ConnectOptions) {
    const script = join(projectRoot, 'build', 'test', 'interop', 'notification-program.js');
    const [command, ...args] = [...host.prefix, process.execPath, script, JSON.stringify(options)];
    this.program = start(command, args);
    this.#lines = createInterface({ input: this.program.process.stdout });
    this.#lines.on('line', (line: string) => this.told.push(JSON.parse(line) as Told));
  }

  say(command: { text?: string; context?: number; end?: boolean }): void {
    this.program.say(JSON.stringify(command));
  }

  /** Resolves with the first event that matches. */
  async next(matches: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.told.find(matches);
      if (found) return found;
      const end = await Promise.race([this.program.ended, once(this.#lines, 'line')]);
      if (!Array.isArray(end) && !this.told.some(matches)) {
        throw new Error(`ended too early: ${JSON.stringify(end)}`);
      }
    }
  }

  event(name: string): Promise<Told> {
    return this.next(({ event }) => event === name);
  }

  /** The notification that an address of the peer is in a state. */
  path(host: string, wanted: string): Promise<Told> {
    return this.next(({ address, state }) => state === wanted && address?.address === host);
  }
}
