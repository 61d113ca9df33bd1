/** Looks results up by name; what has not been measured is undefined. */
import { counters, hasWaited, type Report, type Result, summary } from '../runner/report';

export type PartName = 'cold' | 'warm';

export class Measurements {
  readonly report: Report;

  constructor(report: Report) {
    this.report = report;
  }

  result(workload: string, contender: string): Result | undefined {
    return this.report.results.find(
      (result) => result.workload === workload && result.contender === contender,
    );
  }

  /** Of the named workloads, in their order; for those that nobody played, nothing. */
  contendersIn(workloads: readonly string[]): string[] {
    const { results } = this.report;
    const played = results.filter(({ workload }) => workloads.includes(workload));
    return [...new Set(played.map(({ contender }) => contender))];
  }

  /** A second: the median of the trials. */
  rate(workload: string, contender: string, part: PartName = 'warm'): number | undefined {
    return this.#median(workload, contender, (trial) => trial[part].rate);
  }

  /** In ns, of both sides together. */
  cpu(workload: string, contender: string): number | undefined {
    return this.#median(workload, contender, ({ warm: { cpu } }) => cpu.client + cpu.server);
  }

  /** In ns, of the side that was later. */
  delay(workload: string, contender: string): number | undefined {
    return this.#median(workload, contender, ({ warm: { delay } }) =>
      delay === undefined ? NaN : Math.max(delay.client, delay.server),
    );
  }

  /** In bytes. */
  memory(contender: string, what: 'heap' | 'resident'): number | undefined {
    return this.#median('idle', contender, ({ memory }) => memory?.[what] ?? NaN);
  }

  /** In ns. */
  javascript(contender: string): number | undefined {
    return this.#median('refused', contender, ({ javascript }) => javascript ?? NaN);
  }

  /** Whether a timer of the kernel's ran out. */
  waited(workload: string, contender: string, part: PartName = 'warm'): boolean {
    const result = this.result(workload, contender);
    return result !== undefined && hasWaited(result, part);
  }

  /** `3 T3, 1 delayed SACK`, or nothing. */
  waits(workload: string, contender: string, part: PartName): string {
    const result = this.result(workload, contender);
    if (result === undefined) return '';
    const { T3RtxExpireds, DelaySackExpireds } = counters(result, part);
    return [
      ...(T3RtxExpireds > 0 ? [`${String(T3RtxExpireds)} T3`] : []),
      ...(DelaySackExpireds > 0 ? [`${String(DelaySackExpireds)} delayed SACK`] : []),
    ].join(', ');
  }

  #median(
    workload: string,
    contender: string,
    pick: (trial: Result['trials'][number]) => number,
  ): number | undefined {
    const result = this.result(workload, contender);
    if (result === undefined) return undefined;
    const { median } = summary(result, pick);
    return Number.isNaN(median) ? undefined : median;
  }
}
