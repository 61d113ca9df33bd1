/**
 * A process that plays one side of a workload, and the dialogue with it: lines of a word and JSON,
 * or numbers.
 *
 *     runner                     server                 client
 *                                ready {}               ready {}
 *     start 0 WARMUP COUNT       listening {"port": …}
 *     start PORT WARMUP COUNT                           (does it WARMUP times)
 *                                warm OUTCOME           warm OUTCOME
 *     go                                                (does it COUNT times)
 *                                done OUTCOME           done OUTCOME
 *     close                      (ends)                 (ends)
 *
 * worker/outcome.ts has the outcome. It says what has arrived: all, unless nothing more came for
 * 10 s. Whoever fails says why on stderr and exits with another status than 0.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

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

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  say(...words: (string | number)[]): void {
    this.#child.stdin.write(`${words.join(' ')}\n`);
  }

  /** What follows `word`. */
  async next(word: string): Promise<unknown> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (line.done === true) throw await this.#failure();
    const separator = line.value.indexOf(' ');
    if (line.value.slice(0, separator) !== word) {
      throw new BenchError(`${this.#name}: expected ${word}, got ${line.value}`);
    }
    return JSON.parse(line.value.slice(separator));
  }

  /** Waits for its end, which it has been asked for. */
  async finish(): Promise<void> {
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
