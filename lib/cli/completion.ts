/** Completion for shells, from the commands themselves. */
import type { Command } from './command';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      // zsh reads bash's completions.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
  }
}

function bash(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name}) words='${[...Object.keys(options), 'help'].map((option) => `--${option}`).join(' ')}' ;;`,
  );
  return [
    '_kernel_sctp() {',
    "  local words=''",
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    `  ((COMP_CWORD == 1)) && words='${names}'`,
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -F _kernel_sctp kernel-sctp',
    '',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  const first = commands.map(
    ({ name, summary }) =>
      `complete -c kernel-sctp -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
  );
  const options = commands.flatMap(({ name, options: its }) =>
    Object.entries(its).map(([option, { help, short, type }]) =>
      [
        `complete -c kernel-sctp -n '__fish_seen_subcommand_from ${name}' -l ${option}`,
        ...(short === undefined ? [] : [`-s ${short}`]),
        ...(type === 'string' ? ['-x'] : []),
        `-d ${quoted(help)}`,
      ].join(' '),
    ),
  );
  return [...first, ...options, ''].join('\n');
}
