/** A worker's end of the dialogue that ../runner/process.ts describes. */
import { createInterface } from 'node:readline';

export class Dialogue {
  readonly #lines: AsyncIterator<string> = createInterface({ input: process.stdin })[
    Symbol.asyncIterator
  ]();

  say(...words: (string | number | bigint)[]): void {
    process.stdout.write(`${words.join(' ')}\n`);
  }

  /** The numbers after `word`, or undefined at the end of the input. */
  async next(word: string): Promise<number[] | undefined> {
    const line = await this.#lines.next();
    if (line.done === true) return undefined;
    const [first, ...rest] = line.value.split(' ');
    if (first !== word) throw new Error(`expected ${word}, got ${line.value}`);
    return rest.map(Number);
  }
}
