/** Who is measured. A contender is a file beside this one; index.ts lists them. */
import { join } from 'node:path';

import type { Workload } from '../workloads/workload';
import type { Transport } from '../worker/transport';

const build = join(__dirname, '..', '..', '..');

export type Side = 'server' | 'client';

export interface Contender {
  readonly name: string;
  readonly description: string;
  /** Whether it only takes part if it is named. */
  readonly onlyIfNamed: boolean;
  plays(workload: Workload): boolean;
  /** The process for one side of a workload, as an argument list. `buffers`: 0 for its defaults. */
  command(
    workload: Workload,
    side: Side,
    buffers: number,
    nodeArguments: readonly string[],
  ): string[];
}

export interface NodeContender extends Contender {
  readonly transport: Transport;
}

const all = (): boolean => true;

/** A contender that is written in JavaScript, and run by ../worker/main.ts. */
export function nodeContender(
  name: string,
  description: string,
  transport: Transport,
  plays: Contender['plays'] = all,
): NodeContender {
  return {
    name,
    description,
    transport,
    onlyIfNamed: false,
    plays,
    command: (workload, side, buffers, nodeArguments) => [
      process.execPath,
      ...nodeArguments,
      ...(workload.kind.examines === 'memory' ? ['--expose-gc'] : []),
      join(build, 'js', 'bench', 'worker', 'main.js'),
      ...[name, workload.name, side, String(buffers)],
    ],
  };
}

/** What Sockets ask for by default, and so what a program gets that is to be compared with them. */
const DEFAULT_BUFFERS = 4 * 1024 * 1024;

/** A contender that is a program of ../reference: with one-to-many sockets, unordered as open()'s. */
export function referenceContender(
  name: string,
  description: string,
  program: string,
  kinds: readonly string[],
): Contender {
  return {
    name,
    description,
    onlyIfNamed: false,
    plays: ({ kind, info }) => kinds.includes(kind.name) && !info,
    command: ({ kind, size }, side, buffers) => [
      join(build, program),
      ...[kind.roles[side], String(size), String(buffers || DEFAULT_BUFFERS)],
    ],
  };
}

/** The same program on one-to-one sockets, ordered as theirs are. */
export function oneToOne(reference: Contender, name = `${reference.name}-1to1`): Contender {
  return {
    ...reference,
    name,
    description: `${reference.description}; on one-to-one sockets, ordered`,
    command: (...args) => [...reference.command(...args), 'one-to-one'],
  };
}

/** One contender's client with another's server: which side is it that takes the time? */
export function mixedContender(client: Contender, server: Contender): Contender {
  const sides = { client, server };
  return {
    name: `${client.name}-to-${server.name}`,
    description: `the client of ${client.name}, the server of ${server.name}`,
    onlyIfNamed: true,
    plays: (workload) => client.plays(workload) && server.plays(workload),
    command: (workload, side, ...rest) => sides[side].command(workload, side, ...rest),
  };
}
