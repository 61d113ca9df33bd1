/** Who is measured. A contender is a file beside this one, listed in index.ts. */
import { join } from 'node:path';

import type { Kind } from '../workloads/workload';
import type { Settings, Transport } from '../worker/transport';

const build = join(__dirname, '..', '..');

export type Side = 'server' | 'client';

export interface Contender {
  readonly name: string;
  readonly description: string;
  /** The others are compared with the references. */
  readonly isReference: boolean;
  /** Compared with the references that say the same. */
  readonly isOneToOne: boolean;
  /** Whether it only takes part if it is named. */
  readonly onlyIfNamed: boolean;
  plays(kind: Kind): boolean;
  /** The process for one side of a workload, as an argument list. */
  command(kind: Kind, side: Side, settings: Settings, nodeArguments: readonly string[]): string[];
}

export interface NodeContender extends Contender {
  readonly transport: Transport;
}

/** A contender that is written in JavaScript, and run by ../worker/main.ts. */
export function nodeContender(
  name: string,
  description: string,
  transport: Transport,
  { isOneToOne = true } = {},
): NodeContender {
  return {
    name,
    description,
    transport,
    isReference: false,
    isOneToOne,
    onlyIfNamed: false,
    plays: () => true,
    command: (kind, side, { size, buffers = 0 }, nodeArguments) => [
      process.execPath,
      ...nodeArguments,
      join(build, 'js', 'worker', 'main.js'),
      ...[name, kind.name, side, String(size), String(buffers)],
    ],
  };
}

/** What open() sets, and so what a program gets that is to be compared with it. */
const DEFAULT_BUFFERS = 1024 * 1024;

/** A contender that is a program of ../reference. */
export function referenceContender(
  name: string,
  description: string,
  program: string,
  kinds: readonly Kind['name'][],
): Contender {
  return {
    name,
    description,
    isReference: true,
    isOneToOne: false,
    onlyIfNamed: false,
    plays: (kind) => kinds.includes(kind.name),
    command: (kind, side, { size, buffers = DEFAULT_BUFFERS }) => [
      join(build, program),
      ...[kind.roles[side], String(size), String(buffers)],
    ],
  };
}

/** The same program on one-to-one sockets, ordered as theirs are. */
export function oneToOne(reference: Contender): Contender {
  return {
    ...reference,
    name: `${reference.name}-1to1`,
    isOneToOne: true,
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
    isReference: false,
    isOneToOne: client.isOneToOne,
    onlyIfNamed: true,
    plays: (kind) => client.plays(kind) && server.plays(kind),
    command: (kind, side, ...rest) => sides[side].command(kind, side, ...rest),
  };
}
