/** Peers written in Python (peer.py): the kernel's SCTP seen by a program that is not ours. */
import { createHash } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { projectRoot, type Program, start } from './child';

const SOL_SOCKET = 1;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const IPPROTO_SCTP = 132;

/** Socket options, in the kernel's numbers. */
export type PythonOption = readonly [level: number, number: number, value: number | string];

export interface PythonOptions {
  /** Default: seqpacket. */
  style?: 'seqpacket' | 'stream';
  /** Default: 127.0.0.1. */
  host?: string;
  port?: number;
  sndBuf?: number;
  rcvBuf?: number;
  /** SCTP_INITMSG: outbound and inbound streams. */
  streams?: readonly [outbound: number, inbound: number];
  options?: readonly PythonOption[];
  /** Default: true. */
  listen?: boolean;
  /** Read what arrives (default), or wait for `read(true)`. */
  reading?: boolean;
  /** What to start Python with: `ip netns exec NAME`. */
  prefix?: readonly string[];
}

/** How Python sends: in the kernel's numbers. */
export interface PythonSend {
  to?: readonly [host: string, port: number];
  /** How many times over the message holds the data. */
  times?: number;
  sid?: number;
  ppid?: number;
  unordered?: boolean;
  flags?: number;
  context?: number;
  pr?: readonly [policy: number, value: number];
}

export interface PythonMessage {
  event: 'message';
  host: string;
  port: number;
  length: number;
  sha256: string;
  /** The first 64 bytes, in base64. */
  head: string;
  sid: number;
  ssn: number;
  ppid: number;
  unordered: boolean;
  context: number;
}

export type PythonEvent =
  | PythonMessage
  | { event: 'assoc'; state: string; error: number }
  | { event: 'sendFailed'; length: number }
  | { event: 'notification'; number: number }
  | { event: 'accepted'; host: string; port: number }
  | { event: 'error'; code: string }
  | { event: 'end' };

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The text of a message of up to 64 bytes. */
export function textOf(message: PythonMessage): string {
  return Buffer.from(message.head, 'base64').toString();
}

function int32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString('hex');
}

function uint16s(...values: number[]): string {
  return values.map((value) => int32(value).slice(0, 4)).join('');
}

function kernelOptions(options: PythonOptions): PythonOption[] {
  const { sndBuf, rcvBuf, streams } = options;
  return [
    ...(sndBuf === undefined ? [] : [[SOL_SOCKET, SO_SNDBUFFORCE, sndBuf] as const]),
    ...(rcvBuf === undefined ? [] : [[SOL_SOCKET, SO_RCVBUFFORCE, rcvBuf] as const]),
    ...(streams === undefined ? [] : [[IPPROTO_SCTP, 2, uint16s(...streams, 0, 0)] as const]),
    ...(options.options ?? []),
  ];
}

export class PythonPeer {
  readonly program: Program;
  readonly events: PythonEvent[] = [];
  port = 0;
  readonly #change = new EventEmitter().setMaxListeners(0);
  readonly #answers: ((line: { answer?: unknown; refused?: string }) => void)[] = [];

  private constructor(prefix: readonly string[]) {
    const python = ['/usr/bin/python3', '-u', join(projectRoot, 'test', 'support', 'peer.py')];
    const [command, ...args] = [...prefix, ...python];
    this.program = start(command as string, args);
    const lines = createInterface({ input: this.program.process.stdout });
    lines.on('line', (line) => {
      const reported = JSON.parse(line) as PythonEvent | { answer?: unknown; refused?: string };
      if ('event' in reported) this.events.push(reported);
      else this.#answers.shift()?.(reported);
      this.#change.emit('change');
    });
  }

  /** Starts Python and opens a socket. */
  static async open(options: PythonOptions = {}): Promise<PythonPeer> {
    const { style = 'seqpacket', host = '127.0.0.1', port = 0, listen = true } = options;
    const peer = new PythonPeer(options.prefix ?? []);
    const family = host.includes(':') ? 6 : 4;
    const settings = { style, host, family, port, options: kernelOptions(options), listen };
    peer.port = (await peer.#do('open', settings)) as number;
    if (options.reading ?? true) await peer.read(true);
    return peer;
  }

  get messages(): PythonMessage[] {
    return this.events.filter((event) => event.event === 'message');
  }

  async waitForMessages(count: number): Promise<PythonMessage[]> {
    await this.#until(() => this.messages.length >= count);
    return this.messages;
  }

  /** Waits for an event with these fields, and returns the first one. */
  async waitFor(wanted: Partial<PythonEvent>): Promise<PythonEvent> {
    const matches = (event: PythonEvent): boolean =>
      Object.entries(wanted).every(([key, value]) => event[key as keyof PythonEvent] === value);
    await this.#until(() => this.events.some(matches));
    return this.events.find(matches) as PythonEvent;
  }

  /** One-to-one style: to whom all messages go. */
  async connect(host: string, port: number): Promise<void> {
    await this.#do('connect', { host, port });
  }

  async read(on: boolean): Promise<void> {
    await this.#do('read', { on });
  }

  /** Resolves when the kernel has taken the message. */
  async send(data: Uint8Array | string, how: PythonSend = {}): Promise<number> {
    const { unordered = false, flags = 0, ...others } = how;
    const base64 = Buffer.from(data as Uint8Array).toString('base64');
    return (await this.#do('send', {
      ...others,
      flags: flags | (unordered ? 1 : 0),
      data: base64,
    })) as number;
  }

  /** One-to-one style: resolves when the peer has sent so many SACKs. */
  async acknowledged(count: number): Promise<void> {
    await this.#do('acknowledged', { count });
  }

  /** Sets an option of the current socket, which may be one that was accepted. */
  async set(number: number, value: string): Promise<void> {
    await this.#do('set', { level: IPPROTO_SCTP, number, value });
  }

  /** Ends the association in order: with `to`, or the one of a one-to-one socket. */
  async shutdown(to?: readonly [host: string, port: number]): Promise<void> {
    await this.#do('shutdown', { to: to ?? null });
  }

  /** Closes the socket; with `abort` all its associations are aborted. */
  async close({ abort = false } = {}): Promise<void> {
    await this.#do('close', { abort });
  }

  async #do(command: string, args: object): Promise<unknown> {
    const answer = new Promise<{ answer?: unknown; refused?: string }>((resolve) => {
      this.#answers.push(resolve);
    });
    this.program.say(JSON.stringify({ do: command, ...args }));
    const reported = await Promise.race([answer, this.program.ended]);
    if ('refused' in reported) throw new Error(`python: ${command}: ${reported.refused}`);
    if (!('answer' in reported)) throw new Error(`python ended: ${JSON.stringify(reported)}`);
    return reported.answer;
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const end = await Promise.race([this.program.ended, once(this.#change, 'change')]);
      if (!Array.isArray(end) && !condition()) {
        throw new Error(`python ended: ${JSON.stringify(end)}`);
      }
    }
  }
}
