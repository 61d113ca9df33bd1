/**
 * Runs Node's own tests, one after the other, each in a process of its own, and writes down what
 * becomes of them: run.mjs FOLDER TRANSPORT RESULTS [NAME…]
 *   FOLDER     Node's folder test/
 *   TRANSPORT  tcp, messages, bytes or user (see over-sctp.cjs)
 *   RESULTS    a file: one line of JSON for each test, added to what is there
 *   NAME       of tests, such as net-after-close; by default all that concern sockets
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

import { isAsked } from './names.mjs';

const [folder, transport, results, ...names] = process.argv.slice(2);

const CONCERNED = /^test-((?:net|http|https|http2|tls)-.*)\.m?js$/;
/** Test kernels are slow. */
const SECONDS = 45;
const KEPT = 2000;

const done = new Set(
  existsSync(results)
    ? readFileSync(results, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).name)
    : [],
);

function* tests() {
  for (const directory of ['parallel', 'sequential']) {
    for (const file of readdirSync(join(folder, directory)).sort()) {
      const name = CONCERNED.exec(file)?.[1];
      if (name !== undefined) yield { name, path: join(folder, directory, file) };
    }
  }
}

/** What stands in a test as `// Flags: --expose-internals`. */
function flagsOf(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^\/\/ Flags:(.*)$/gm)].flatMap(([, flags]) =>
    flags.trim().split(/\s+/),
  );
}

function run({ name, path }) {
  const preload = new URL('over-sctp.cjs', import.meta.url).pathname;
  // For the programs that a test starts, too.
  const over = transport === 'tcp' ? {} : { NODE_OPTIONS: `--require ${preload}` };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flagsOf(path), path], {
      env: { ...process.env, ...over, NODE_TESTS_TRANSPORT: transport, NODE_TEST_DIR: '/tmp' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-KEPT);
      });
    }
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      process.kill(-child.pid, 'SIGKILL'); // with what it has started
    }, SECONDS * 1000);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      // What it has left behind holds on to its output.
      setTimeout(() => {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // nothing
        }
        resolve({ name, outcome: outcome(code, isLate, output), code, signal, output });
      }, 50);
    });
  });
}

function outcome(code, isLate, output) {
  if (isLate) return 'hangs';
  if (code !== 0) return 'fails';
  return /^1\.\.0 # Skipped/m.test(output) ? 'skipped' : 'holds';
}

for (const test of tests()) {
  if (done.has(test.name) || !isAsked(test.name, names)) continue;
  const result = await run(test);
  appendFileSync(results, `${JSON.stringify(result)}\n`);
  process.stdout.write(`${result.outcome.padEnd(8)} ${test.name}\n`);
}
