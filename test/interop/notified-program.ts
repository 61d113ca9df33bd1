/** Runs notification-program.ts on a host, and reports what it has printed. */
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { ConnectOptions } from 'kernel-sctp';

import { projectRoot, type Program, start } from '../support/child';
import type { Namespace } from '../support/namespaces';

export interface Command {
  /** To be sent, with this context. */
  text?: string;
  context?: number;
  /** Waits with `dry()`, and answers how much waits in the socket. */
  dry?: boolean;
  /** Answers when the kernel has what was written. */
  written?: boolean;
  end?: boolean;
}

export interface Report {
  event: string;
  type?: string;
  state?: string;
  address?: { address: string; family: string; port: number };
  interpreted?: string;
  parsed?: Record<string, Record<string, unknown>>;
  [field: string]: unknown;
}

export class NotifiedProgram {
  readonly reported: Report[] = [];
  readonly program: Program;
  readonly #lines: NodeJS.EventEmitter;

  /** @param quiet nobody listens for notifications and what is made of them */
  constructor(host: Namespace, options: ConnectOptions, { quiet = false } = {}) {
    const script = join(projectRoot, 'build', 'test', 'interop', 'notification-program.js');
    const [command, ...args] = [
      ...host.prefix,
      process.execPath,
      script,
      JSON.stringify({ options, quiet }),
    ];
    this.program = start(command, args);
    this.#lines = createInterface({ input: this.program.process.stdout });
    this.#lines.on('line', (line: string) => this.reported.push(JSON.parse(line) as Report));
  }

  say(command: Command): void {
    this.program.say(JSON.stringify(command));
  }

  /** Says something that is answered, once, and returns the answer. */
  async ask(command: Command): Promise<Report> {
    const before = this.reported.filter(({ event }) => event === 'answer').length;
    this.say(command);
    await this.next(
      (reported) =>
        reported.event === 'answer' &&
        this.reported.filter(({ event }) => event === 'answer').length > before,
    );
    return this.reported.filter(({ event }) => event === 'answer')[before] as Report;
  }

  /** Resolves with the first event that matches. */
  async next(matches: (reported: Report) => boolean): Promise<Report> {
    for (;;) {
      const found = this.reported.find(matches);
      if (found) return found;
      const end = await Promise.race([this.program.ended, once(this.#lines, 'line')]);
      if (!Array.isArray(end) && !this.reported.some(matches)) {
        throw new Error(`ended too early: ${JSON.stringify(end)}`);
      }
    }
  }

  event(name: string): Promise<Report> {
    return this.next(({ event }) => event === name);
  }

  /** The notification that an address of the peer is in a state. */
  path(host: string, wanted: string): Promise<Report> {
    return this.next(({ address, state }) => state === wanted && address?.address === host);
  }
}
