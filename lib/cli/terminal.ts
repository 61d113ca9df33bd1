/** The process's own streams as a command's Io. */
import { isatty } from 'node:tty';

import type { Io, Paint } from './io';

/** Select Graphic Rendition (ECMA-48): what switches it on, and off again. */
const sgr = { good: [32, 39], bad: [31, 39], dim: [2, 22], strong: [1, 22] } as const;

const HOME_AND_ERASE = '\u001b[H\u001b[2J';

/** NO_COLOR and FORCE_COLOR as no-color.org and Node know them. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true;
}

export function paint(inColour: boolean): Paint {
  const style = ([on, off]: readonly [number, number]) => {
    return (text: string) =>
      inColour ? `\u001b[${String(on)}m${text}\u001b[${String(off)}m` : text;
  };
  return {
    good: style(sgr.good),
    bad: style(sgr.bad),
    dim: style(sgr.dim),
    strong: style(sgr.strong),
  };
}

/** As `Io`, and how to release what would keep the process alive. */
export interface Terminal extends Io {
  release(): void;
}

export function terminal(interrupted: AbortSignal): Terminal {
  const notePaint = paint(wantsColour(process.stderr, process.env));
  return {
    release() {
      // A pipe or terminal that is still open; a file holds nothing open.
      if ('unref' in process.stdin) process.stdin.unref();
    },
    stdin: process.stdin,
    isTerminal: isatty(1),
    write,
    print(line) {
      process.stdout.write(`${line}\n`);
    },
    clear() {
      if (process.stdout.isTTY) process.stdout.write(HOME_AND_ERASE);
    },
    note(line) {
      process.stderr.write(`${line}\n`);
    },
    remark(line) {
      process.stderr.write(`${notePaint.dim(line)}\n`);
    },
    paint: paint(wantsColour(process.stdout, process.env)),
    interrupted,
  };
}

async function write(data: string | Uint8Array): Promise<void> {
  if (process.stdout.write(data)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
