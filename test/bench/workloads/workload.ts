/** What is measured. A kind is a file beside this one; index.ts lists the workloads. */
import type { Arrivals } from '../worker/arrivals';
import type { Client, ServerHooks } from '../worker/transport';

/** What a client has to work with. */
export interface Play {
  /** Those that were connected before the start: `Workload.associations` of them. */
  readonly clients: Client[];
  readonly message: Buffer;
  readonly arrivals: Arrivals;
  /** One more client. */
  readonly connect: () => Promise<Client>;
}

/** When a process's part began and ended, on CLOCK_MONOTONIC in ns. */
export interface Times {
  began: number;
  ended: number;
}

export interface Kind {
  readonly name: string;
  /** What is counted: once each, and the rate is theirs. */
  readonly unit: 'messages' | 'round trips' | 'connections';
  /** What a reference program is to be. */
  readonly roles: { readonly server: string; readonly client: string };
  /** What the server does with messages and connections. */
  readonly server: ServerHooks['behaviour'];
  /** What counts as an arrival at the server. */
  readonly arrival: 'message' | 'opened' | 'closed';
  /** What the server's process is examined for, beside time. */
  readonly examines?: 'memory' | 'javascript';
  /** The client's part: does it `times` times, and resolves when it has done all it can. */
  exchange(play: Play, times: number): Promise<void>;
  elapsed(client: Times, server: Times): number;
}

/** How often: to warm up, and then to measure. */
export interface Amount {
  readonly warmup: number;
  readonly count: number;
}

export interface Workload extends Amount {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** Bytes of a message; 0 where none is sent. */
  readonly size: number;
  /** Whether each message says its stream and its payload protocol. */
  readonly info: boolean;
  /** Connected before the start. */
  readonly associations: number;
  /** With --quick. */
  readonly quick: Amount;
  /** Of the contenders that could take part, those that do with --quick. */
  readonly quickContenders: 'all' | readonly string[];
}
