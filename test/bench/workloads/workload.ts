/** What is measured. A workload is a file beside this one, listed in index.ts. */
import type { Arrivals } from '../worker/arrivals';
import type { Client } from '../worker/transport';

/** What a process reports about a repetition: times of CLOCK_MONOTONIC in ns, and what came to it. */
export interface Outcome {
  began: bigint;
  ended: bigint;
  messages: number;
  bytes: number;
}

export interface Kind {
  readonly name: 'one-way' | 'round-trip';
  /** What a reference program is to be. */
  readonly roles: { readonly server: string; readonly client: string };
  /** Whether the server sends every message back. */
  readonly echo: boolean;
  /** The client's part: sends `times` messages, and resolves when it has done all it can. */
  exchange(client: Client, arrivals: Arrivals, message: Buffer, times: number): Promise<void>;
  /** From the first write to the last byte received. */
  elapsed(client: Outcome, server: Outcome): bigint;
}

export interface Workload {
  readonly name: string;
  readonly kind: Kind;
  /** Bytes of a message. */
  readonly size: number;
  /** How many messages one repetition takes, and how many with --quick. */
  readonly count: number;
  readonly quickCount: number;
}
