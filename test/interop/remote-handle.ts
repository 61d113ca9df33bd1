/** A handle of ours on another host: a Node process in a network namespace. */
import { once, EventEmitter } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { OpenOptions, PeerAddrInfo, ReceivedInfo, SendInfo } from 'kernel-sctp';

import { type Program, start } from '../support/child';
import { Inbox } from '../support/inbox';
import type { Namespace } from '../support/namespaces';
import type { Command } from './remote-program';

type Line =
  | { port: number }
  | { error: string }
  | { message: { data: string; host: string; port: number; info: ReceivedInfo } }
  | { answer: unknown }
  | { refused: string };

export class RemoteHandle {
  readonly inbox = new Inbox();
  readonly program: Program;
  port = 0;
  readonly #lines = new EventEmitter();
  readonly #answers: ((line: Line) => void)[] = [];

  private constructor(where: Namespace, options: OpenOptions) {
    const program = join(__dirname, 'remote-program.js');
    const node = [process.execPath, program, JSON.stringify(options)];
    const [command, ...args] = [...where.prefix, ...node];
    this.program = start(command as string, args);
    const stdout = this.program.process.stdout;
    createInterface({ input: stdout }).on('line', (line) => {
      this.#onLine(JSON.parse(line) as Line);
    });
  }

  static async open(where: Namespace, options: OpenOptions = {}): Promise<RemoteHandle> {
    const handle = new RemoteHandle(where, options);
    await handle.#orEnd(once(handle.#lines, 'port'));
    return handle;
  }

  async send(data: Uint8Array | string, host: string, port: number, info?: SendInfo) {
    const base64 = Buffer.from(data as Uint8Array).toString('base64');
    return this.#do({ do: 'send', data: base64, host, port, ...(info && { info }) });
  }

  async peerAddrInfo(address: string, port: number): Promise<PeerAddrInfo> {
    return (await this.getOption('peerAddrInfo', { address: { address, port } })) as PeerAddrInfo;
  }

  async getOption(...args: unknown[]): Promise<unknown> {
    return this.#do({ do: 'getOption', args });
  }

  async setOption(...args: unknown[]): Promise<void> {
    await this.#do({ do: 'setOption', args });
  }

  /** The process ends by itself when nothing is left to do. */
  async close(): Promise<void> {
    await this.#do({ do: 'close' });
    this.program.process.stdin.end();
  }

  /** What performance.eventLoopUtilization() says there. */
  async utilization(): Promise<{ idle: number; active: number }> {
    return (await this.#do({ do: 'utilization' })) as { idle: number; active: number };
  }

  #onLine(line: Line): void {
    if ('port' in line) {
      this.port = line.port;
      this.#lines.emit('port');
    } else if ('error' in line) {
      this.inbox.onRecv(line.error);
    } else if ('message' in line) {
      const { data, host, port, info } = line.message;
      this.inbox.onRecv([Buffer.from(data, 'base64'), host, port], info);
    } else {
      this.#answers.shift()?.(line);
    }
  }

  async #do(command: Command): Promise<unknown> {
    const answer = new Promise<Line>((resolve) => this.#answers.push(resolve));
    this.program.say(JSON.stringify(command));
    const line = await this.#orEnd(answer);
    if ('refused' in line) throw new Error(line.refused);
    return (line as { answer: unknown }).answer;
  }

  async #orEnd<T>(promise: Promise<T>): Promise<T> {
    const failure = this.program.ended.then((end) => {
      throw new Error(`the remote program ended: ${JSON.stringify(end)}`);
    });
    return Promise.race([promise, failure]);
  }
}
