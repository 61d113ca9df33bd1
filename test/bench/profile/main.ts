/**
 * Where the instructions of a message go: which part of them the kernel, the addon, Node-API,
 * JavaScript and V8 itself have, at either end. See `scripts/bench --profile`.
 */
import type { Contender, Side } from '../contenders/contender';
import { parseOptions, UsageError } from '../runner/options';
import { BenchError } from '../runner/process';
import { runTrial } from '../runner/trial';
import type { Workload } from '../workloads/workload';
import { type Layer, layerOf, layers } from './layers';
import { Recording, samples } from './samples';

/** Instructions between two samples: each costs some thousand itself. */
const PERIOD = 50_000;
/** Has V8 tell perf its functions' names; what it logs besides goes where the test kernel's end is. */
const NODE_ARGUMENTS = [
  ...['--perf-basic-prof', '--interpreted-frames-native-stack'],
  ...['--no-logfile-per-isolate', '--logfile=/tmp/v8-%p.log'],
];
/** The most expensive functions of either end that are shown: of the kernel, and of all others. */
const KERNEL_FUNCTIONS = 15;
const FUNCTIONS = 40;

class Ledger {
  readonly layers = new Map<Layer, number>();
  readonly functions = new Map<string, number>();

  add(layer: Layer, symbol: string, caller: string | undefined): void {
    this.layers.set(layer, (this.layers.get(layer) ?? 0) + 1);
    // What V8 has built in says little: it is the function's that calls it.
    const owner = layer === 'builtins of V8' ? `for ${caller ?? 'unknown'}` : symbol;
    const name = `${layer}: ${owner}`;
    this.functions.set(name, (this.functions.get(name) ?? 0) + 1);
  }
}

async function profile(contender: Contender, workload: Workload, count: number): Promise<void> {
  const recording = new Recording(PERIOD);
  const ledgers = { client: new Ledger(), server: new Ledger() };
  const sides = new Map<number, Side>();
  const trial = await runTrial(contender, workload, {
    amount: { warmup: workload.warmup, count },
    buffers: 0,
    nodeArguments: NODE_ARGUMENTS,
    async observe(pids) {
      sides.set(pids.client, 'client').set(pids.server, 'server');
      await recording.turn(true);
      return async () => {
        await recording.turn(false);
        await recording.end();
      };
    },
  });
  for await (const sample of samples()) {
    const side = sides.get(sample.pid);
    if (side !== undefined) ledgers[side].add(layerOf(sample), sample.symbol, sample.caller);
  }
  const each = (hits: number): string => Math.round((hits * PERIOD) / count).toLocaleString('en');
  console.log(`\n${contender.name}, ${workload.name}: ${trial.warm.rate.toFixed(0)} a second`);
  console.log(`${'instructions each'.padEnd(24)}${'client'.padStart(10)}${'server'.padStart(10)}`);
  for (const layer of layers) {
    const figure = (side: Side): string => each(ledgers[side].layers.get(layer) ?? 0).padStart(10);
    console.log(`${layer.padEnd(24)}${figure('client')}${figure('server')}`);
  }
  for (const side of ['client', 'server'] as const) {
    const functions = [...ledgers[side].functions].sort(([, a], [, b]) => b - a);
    const isKernel = ([name]: [string, number]): boolean => name.startsWith('kernel: ');
    for (const [title, list] of [
      ['kernel', functions.filter(isKernel).slice(0, KERNEL_FUNCTIONS)],
      ['programs', functions.filter((entry) => !isKernel(entry)).slice(0, FUNCTIONS)],
    ] as const) {
      console.log(`\nmost expensive, ${side}, ${title}:`);
      for (const [name, hits] of list) console.log(`${each(hits).padStart(10)}  ${name}`);
    }
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  for (const workload of options.workloads) {
    for (const contender of options.contenders) {
      if (!contender.plays(workload)) continue;
      await profile(contender, workload, options.count ?? workload.count);
    }
  }
}

main().catch((error: unknown) => {
  const expected = error instanceof UsageError || error instanceof BenchError;
  console.error(expected ? `bench: ${error.message}` : error);
  process.exit(error instanceof UsageError ? 64 : 1);
});
