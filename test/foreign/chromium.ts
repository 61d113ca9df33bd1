/** Chromium without a window, driven by its DevTools protocol over two pipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

interface Answer {
  id?: number;
  error?: { message: string };
  result?: Record<string, unknown>;
}

interface Evaluated {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

export class Chromium {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;
  #unread = '';

  constructor() {
    const program = PROGRAMS.find((path) => existsSync(path));
    if (!program) throw new Error('There is no Chromium: run scripts/setup --foreign');
    this.#folder = mkdtempSync(join(tmpdir(), 'chromium-'));
    this.#process = spawn(
      program,
      // Its sandbox refuses root, as whom tests run.
      ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'].concat(
        '--remote-debugging-pipe',
        `--user-data-dir=${this.#folder}`,
      ),
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true },
    );
    const answers = this.#process.stdio[4] as Readable;
    answers.setEncoding('utf8').on('data', (text: string) => {
      this.#read(text);
    });
  }

  /** A new page; its methods are evaluated in it. */
  async open(url = 'about:blank'): Promise<Page> {
    const { targetId } = await this.call('Target.createTarget', { url });
    const attached = await this.call('Target.attachToTarget', { targetId, flatten: true });
    return new Page(this, attached['sessionId'] as string, targetId as string);
  }

  async call(
    method: string,
    params: object = {},
    sessionId?: string,
  ): Promise<Record<string, unknown>> {
    const id = ++this.#calls;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      const calls = this.#process.stdio[3] as Writable;
      calls.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }

  /** All its processes: they are a group. */
  async close(): Promise<void> {
    const closed = once(this.#process, 'close');
    process.kill(-(this.#process.pid as number), 'SIGKILL');
    await closed;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #read(text: string): void {
    const messages = (this.#unread + text).split('\0');
    this.#unread = messages.pop() as string;
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id === undefined) continue; // an event
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    }
  }
}

export class Page {
  readonly #browser: Chromium;
  readonly #session: string;
  readonly #target: string;

  constructor(browser: Chromium, session: string, target: string) {
    this.#browser = browser;
    this.#session = session;
    this.#target = target;
  }

  /** The value of an expression, or what its Promise resolves with: JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const answer = await this.#browser.call('Runtime.evaluate', params, this.#session);
    const { result, exceptionDetails } = answer as unknown as Evaluated;
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async close(): Promise<void> {
    await this.#browser.call('Target.closeTarget', { targetId: this.#target });
  }
}
