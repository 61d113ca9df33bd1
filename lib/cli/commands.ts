/** The commands, in the order of the help. */
import { choice } from './values';
import { command, type Command } from './command';
import { bench } from './commands/bench';
import { connect } from './commands/connect';
import { doctor } from './commands/doctor';
import { dump } from './commands/dump';
import { listen } from './commands/listen';
import { ping } from './commands/ping';
import { relay } from './commands/relay';
import { status } from './commands/status';
import { top } from './commands/top';
import { completionScript, shells } from './completion';

const completion = command({
  name: 'completion',
  summary: 'completion for bash, zsh or fish',
  operands: [shells.join('|')],
  description: ['Prints what makes a shell complete commands and options.'],
  options: {},
  examples: ['source <(kernel-sctp completion bash)'],
  statuses: {},
  async run({ io, operands: [shell = ''] }) {
    await io.write(completionScript(choice(shell, 'the shell', shells), commands));
    return 0;
  },
});

export const commands: readonly Command[] = [
  doctor,
  listen,
  connect,
  ping,
  relay,
  status,
  top,
  dump,
  bench,
  completion,
];
