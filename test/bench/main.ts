/** The benchmark: runs every contender through every workload, by turns. See scripts/bench. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import type { Contender } from './contenders/contender';
import { amountOf, type Options, parseOptions, takesPart, UsageError } from './runner/options';
import { BenchError } from './runner/process';
import { describeRun, merged, type Report, type Result, toResult } from './runner/report';
import { header, legend, table } from './runner/table';
import { runTrial } from './runner/trial';
import type { Workload } from './workloads/workload';

async function measure(
  workload: Workload,
  contenders: readonly Contender[],
  options: Options,
): Promise<Result[]> {
  const { buffers, nodeArguments, repeat, version } = options;
  const amount = amountOf(workload, options);
  const results = contenders.map((contender) => ({
    contender,
    result: toResult(contender, workload, amount, version, []),
  }));
  // By turns: what else the machine does is then shared.
  for (let turn = 0; turn < repeat; turn++) {
    for (const { contender, result } of results) {
      const trial = await runTrial(contender, workload, { amount, buffers, nodeArguments });
      result.trials.push(trial);
      // A run may take hours.
      console.error(`${workload.name}, ${contender.name}: ${trial.warm.rate.toFixed(0)} a second`);
    }
  }
  return results.map(({ result }) => result);
}

/** With --merge: what was measured before, by the same clock on the same kernel. */
function resultsBefore({ json, merge }: Options, run: Omit<Report, 'results'>): Result[] {
  if (!merge || json === undefined || !existsSync(json)) return [];
  const before = JSON.parse(readFileSync(json, 'utf8')) as Report;
  for (const condition of ['clock', 'kernel', 'node'] as const) {
    if (before[condition] === run[condition]) continue;
    throw new UsageError(
      `--merge keeps what was measured under the same conditions; ${condition} was ` +
        `${before[condition]} and is ${run[condition]}`,
    );
  }
  return before.results;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const run = describeRun(options);
  console.log(header(run));
  console.log(`\n${legend(options.contenders)}`);
  const before = resultsBefore(options, run);
  const results: Result[] = [];
  for (const workload of options.workloads) {
    const contenders = options.contenders.filter((contender) =>
      takesPart(contender, workload, options),
    );
    if (contenders.length === 0) continue;
    const measured = await measure(workload, contenders, options);
    console.log(`\n${table(workload, measured)}`);
    results.push(...measured);
    // After each: a long run that is stopped leaves what it has.
    if (options.json !== undefined) {
      const report: Report = { ...run, results: merged(before, results) };
      writeFileSync(options.json, `${JSON.stringify(report, undefined, 1)}\n`);
    }
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
