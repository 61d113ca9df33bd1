/** One end of an association on another host: a Node process in a network namespace. */
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { type Program, start } from '../support/child';
import type { Namespace } from '../support/namespaces';
import type { Command, Received, Role } from './remote-socket-program';

/** An event of the socket, with what it reports. */
export type Report = { event: string } & Record<string, unknown>;

interface Answer {
  id: number;
  answer?: unknown;
  refused?: string;
}

export class RemoteSocket {
  /** What has happened so far, in order. */
  readonly events: Report[] = [];
  readonly program: Program;
  port = 0;
  readonly #arrivals = new EventEmitter();
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(where: Namespace, role: Role) {
    const program = join(__dirname, 'remote-socket-program.js');
    const [command, ...args] = [
      ...where.prefix,
      ...[process.execPath, program, JSON.stringify(role)],
    ];
    this.program = start(command as string, args);
    const lines = createInterface({ input: this.program.process.stdout });
    lines.on('line', (line) => {
      this.#onLine(JSON.parse(line) as { port: number } | Report | Answer);
    });
  }

  /** A server that is listening, and becomes the first socket that it accepts. */
  static async server(
    where: Namespace,
    listen: (Role & { role: 'server' })['listen'],
    options: (Role & { role: 'server' })['options'] = {},
  ): Promise<RemoteSocket> {
    const server = new RemoteSocket(where, { role: 'server', options, listen });
    await server.#until(() => server.port !== 0);
    return server;
  }

  /** A socket that is connected. */
  static async client(
    where: Namespace,
    options: (Role & { role: 'client' })['options'],
  ): Promise<RemoteSocket> {
    const client = new RemoteSocket(where, { role: 'client', options });
    await client.reported({ event: 'connect' });
    return client;
  }

  /**
   * Resolves with the first event that has all of these values, among those from `since` on,
   * sooner or later.
   */
  async reported(values: Partial<Report>, since = 0): Promise<Report> {
    const fits = (reported: Report): boolean =>
      Object.entries(values).every(([name, value]) => reported[name] === value);
    await this.#until(() => this.events.slice(since).some(fits));
    return this.events.slice(since).find(fits) as Report;
  }

  /** Resolves as soon as the socket has these addresses at both ends, in whatever order. */
  async has(property: 'localAddresses' | 'remoteAddresses', addresses: string[]): Promise<void> {
    const wanted = JSON.stringify([...addresses].sort());
    for (;;) {
      const known = this.events.length;
      const found = (await this.get(property)) as string[];
      if (JSON.stringify(found.sort()) === wanted) return;
      await this.reported({ event: 'address-change' }, known);
    }
  }

  async call(method: string, ...args: unknown[]): Promise<unknown> {
    return this.#do({ do: 'call', method, args });
  }

  async get(property: string): Promise<unknown> {
    return this.#do({ do: 'get', property });
  }

  async transfer(count: number, size: number): Promise<void> {
    await this.#do({ do: 'transfer', count, size });
  }

  async received(): Promise<Received> {
    return (await this.#do({ do: 'received' })) as Received;
  }

  #onLine(line: { port: number } | Report | Answer): void {
    if ('port' in line && !('event' in line)) this.port = line.port;
    else if ('event' in line) this.events.push(line);
    else this.#answers.get(line.id)?.(line);
    this.#arrivals.emit('line');
  }

  async #do(command: Command): Promise<unknown> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.program.say(JSON.stringify({ id, ...command }));
    const { answer, refused } = await this.#orEnd(answered);
    if (refused !== undefined) throw new Error(refused);
    return answer;
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#orEnd(once(this.#arrivals, 'line'));
  }

  async #orEnd<Result>(promise: Promise<Result>): Promise<Result> {
    const failure = this.program.ended.then((end) => {
      throw new Error(`the remote program ended: ${JSON.stringify(end)}`);
    });
    return Promise.race([promise, failure]);
  }
}
