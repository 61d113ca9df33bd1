/** The benchmark: runs every contender through every workload, by turns. See scripts/bench. */
import { writeFileSync } from 'node:fs';

import { type Options, parseOptions, UsageError } from './runner/options';
import { Pair } from './runner/pair';
import { BenchError } from './runner/process';
import { describeRun, toRatios, toResult, type WorkloadResults } from './runner/results';
import { header, legend, table } from './runner/table';
import type { Workload } from './workloads/workload';

async function measure(workload: Workload, options: Options): Promise<WorkloadResults> {
  const { buffers, nodeArguments } = options;
  const count = options.count ?? (options.quick ? workload.quickCount : workload.count);
  const runs = [];
  try {
    for (const contender of options.contenders.filter((contender) =>
      contender.plays(workload.kind),
    )) {
      const pair = await Pair.start(contender, workload, buffers, nodeArguments);
      runs.push({ contender, pair, rates: [] as number[] });
    }
    for (let turn = 0; turn < options.repeat; turn++) {
      // At first it is memory that must warm up, and compilers; later only the association.
      const warmup = turn === 0 ? count : Math.ceil(count / 10);
      for (const { pair, rates } of runs) rates.push(await pair.measure(warmup, count));
    }
    for (const { pair } of runs) await pair.finish();
  } finally {
    for (const { pair } of runs) pair.kill();
  }
  const results = runs.map(({ contender, pair, rates }) =>
    toResult(contender, workload, rates, pair),
  );
  const { name, size } = workload;
  return { workload: name, size, count, results, ratios: toRatios(results) };
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const run = describeRun(options);
  console.log(header(run));
  console.log(`\n${legend(options.contenders.map(({ name }) => name))}`);
  const results: WorkloadResults[] = [];
  for (const workload of options.workloads) {
    const result = await measure(workload, options);
    if (result.results.length > 0) console.log(`\n${table(result)}`);
    results.push(result);
  }
  if (options.json !== undefined) {
    const report = { ...run, workloads: results };
    writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
}

function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
}

main().catch((error: unknown) => {
  const expected = isUsageError(error) || error instanceof BenchError;
  console.error(expected ? `bench: ${(error as Error).message}` : error);
  process.exit(isUsageError(error) ? 64 : 1);
});
