/** What perf has seen: where the processes were, again and again after so many instructions. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { BenchError } from '../runner/process';
import type { Place } from './layers';

const FILE = '/tmp/perf.data'; // gone with the test kernel

export interface Sample extends Place {
  readonly pid: number;
  /** The symbol that has called this one, as far as frame pointers tell. */
  readonly caller: string | undefined;
}

export class Recording {
  readonly #perf;
  readonly #ended: Promise<unknown>;

  /** @param period instructions between two samples */
  constructor(period: number) {
    // Prepared, but off until it is told: what it needs to start is not measured.
    const control = ['--delay=-1', '--control=fd:3,4'];
    const what = [
      '--all-cpus',
      '--event=cpu-clock',
      `--count=${String(period)}`,
      '--call-graph=fp',
    ];
    this.#perf = spawn('perf', ['record', ...what, ...control, `--output=${FILE}`], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#perf, 'exit');
  }

  /** Waits until it records, or no longer does. */
  async turn(on: boolean): Promise<void> {
    const [, , , orders, answers] = this.#perf.stdio as unknown as [
      null,
      null,
      null,
      Writable,
      Readable,
    ];
    orders.write(on ? 'enable\n' : 'disable\n');
    await Promise.race([once(answers, 'data'), this.#ended]);
    if (this.#perf.exitCode !== null) throw new BenchError('perf record has failed');
  }

  async end(): Promise<void> {
    this.#perf.kill('SIGINT');
    await this.#ended;
  }
}

const PROCESS = /^\s*(\d+)\/(\d+)\s*$/;
const FRAME = /^\s+[0-9a-f]+\s+(.*?)(?:\+0x[0-9a-f]+)?\s+\((.*)\)\s*$/;

/** Everything that was recorded. */
export async function* samples(): AsyncGenerator<Sample> {
  const fields = ['-F', 'pid,tid,ip,sym,dso', '--max-stack=2'];
  const perf = spawn('perf', ['script', '-i', FILE, ...fields], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let [pid, tid] = ['', ''];
  let frames: { symbol: string; file: string }[] = [];
  for await (const line of createInterface({ input: perf.stdout })) {
    const ids = PROCESS.exec(line);
    if (ids) [, pid = '', tid = ''] = ids;
    const [, symbol, file] = FRAME.exec(line) ?? [];
    if (symbol !== undefined && file !== undefined) frames.push({ symbol, file });
    const [place, caller] = frames;
    if (line !== '' || place === undefined) continue; // an empty line ends each sample
    yield { pid: Number(pid), isMain: pid === tid, ...place, caller: caller?.symbol };
    frames = [];
  }
}
