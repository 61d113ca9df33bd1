/**
 * A process that plays one side of a workload, and the dialogue with it: lines of words.
 *
 *     runner                     server                          client
 *                                ready                           ready
 *     start 0 WARMUP COUNT       listening PORT SNDBUF RCVBUF
 *     start PORT WARMUP COUNT                                    (sends WARMUP messages)
 *                                warm BEGAN ENDED MESSAGES BYTES (the same)
 *     go                                                         (sends COUNT messages)
 *                                done BEGAN ENDED MESSAGES BYTES (the same)
 *     close                      (closes its socket)             (closes its socket)
 *
 * and again from `start`, or the input ends and the process with it. MESSAGES and BYTES say what
 * arrived: all, unless nothing more came for 10 s. Times are of CLOCK_MONOTONIC in nanoseconds.
 * Whoever fails says why on stderr and exits with another status than 0.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import type { Outcome } from '../workloads/workload';

const TIMEOUT_MS = 600_000;

/** A program failed, or lost messages. */
export class BenchError extends Error {}

export class BenchProcess {
  readonly #name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;

  private constructor(name: string, command: readonly string[]) {
    const [file = '', ...commandArguments] = command;
    this.#name = name;
    this.#child = spawn(file, commandArguments, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => undefined); // its end shows when reading
    this.#exited = once(this.#child, 'exit');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  static async start(name: string, command: readonly string[]): Promise<BenchProcess> {
    const process = new BenchProcess(name, command);
    await process.next('ready');
    return process;
  }

  say(...words: (string | number)[]): void {
    this.#child.stdin.write(`${words.join(' ')}\n`);
  }

  /** The numbers that follow `word`. */
  async next(word: string): Promise<bigint[]> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (line.done === true) throw await this.#failure();
    const [first, ...rest] = line.value.split(' ');
    if (first !== word) throw new BenchError(`${this.#name}: expected ${word}, got ${line.value}`);
    return rest.map(BigInt);
  }

  async nextOutcome(word: 'warm' | 'done'): Promise<Outcome> {
    const [began = 0n, ended = 0n, messages = 0n, bytes = 0n] = await this.next(word);
    return { began, ended, messages: Number(messages), bytes: Number(bytes) };
  }

  /** Lets it end by itself, and checks that it does. */
  async finish(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
    if (this.#child.exitCode !== 0) throw await this.#failure();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #failure(): Promise<BenchError> {
    await this.#exited;
    const { exitCode, signalCode } = this.#child;
    return new BenchError(`${this.#name} ended with ${String(signalCode ?? exitCode)}`);
  }
}
