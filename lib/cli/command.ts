/** What a command of the command line is: its help, completion and man page follow from this. */
import type { Io } from './io';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Given more than once, it makes a list. */
  readonly multiple?: boolean;
  /** What stands for its value in the help: PORT. */
  readonly value?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec extends OptionSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec['multiple'] extends true
    ? string[]
    : string;

export type Values<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]?: ValueOf<Specs[Name]>;
};

export interface Invocation<Specs extends OptionSpecs> {
  readonly io: Io;
  readonly values: Values<Specs>;
  readonly operands: readonly string[];
}

export interface CommandSpec<Specs extends OptionSpecs> {
  readonly name: string;
  /** A line for the list of commands. */
  readonly summary: string;
  /** As in the usage line: `HOST:PORT`, or `[HOST:PORT]` where it may be missing. */
  readonly operands: readonly string[];
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly options: Specs;
  readonly examples: readonly string[];
  /** What statuses other than 0 and 2 mean. */
  readonly statuses: Readonly<Record<number, string>>;
  /** @returns the exit status */
  run(invocation: Invocation<Specs>): number | Promise<number>;
}

export type Command = Omit<CommandSpec<OptionSpecs>, 'run'> & {
  run(invocation: Invocation<OptionSpecs>): number | Promise<number>;
};

/** Checks that a command's `run` matches its options. */
export function command<const Specs extends OptionSpecs>(spec: CommandSpec<Specs>): Command {
  return spec;
}
