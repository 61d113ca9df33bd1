/** A worker's end of the dialogue that ../runner/process.ts describes. */
import { createInterface } from 'node:readline';

import type { Outcome } from './outcome';

export class Dialogue {
  readonly #lines: AsyncIterator<string> = createInterface({ input: process.stdin })[
    Symbol.asyncIterator
  ]();

  say(word: string, what: Outcome | { port?: number } = {}): void {
    process.stdout.write(`${word} ${JSON.stringify(what)}\n`);
  }

  /** The numbers after `word`. */
  async next(word: string): Promise<number[]> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`expected ${word}, and the input has ended`);
    const [first, ...rest] = line.value.split(' ');
    if (first !== word) throw new Error(`expected ${word}, got ${line.value}`);
    return rest.map(Number);
  }
}
