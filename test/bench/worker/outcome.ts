/** What a process reports about one of its two parts, the warm-up and what is measured. */
import type { Times } from '../workloads/workload';

export interface Outcome extends Times {
  /** What has come in. */
  count: number;
  bytes: number;
  /** Processor time of the process, in ns. */
  cpu: number;
  /** How late the event loop was, in ns: the 99th percentile. Absent in C. */
  delay?: number;
  /** Bytes that are in use now: of the JavaScript heap after a collection, and resident. */
  memory?: { heap: number; resident: number };
  /** Time in JavaScript functions, in ns, without native ones and the garbage collector. */
  javascript?: number;
}
