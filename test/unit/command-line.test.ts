/** The command line, as far as it needs no SCTP: help, wrong use, formats, completion, the manual. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { parseArguments } from '#lib/cli/arguments';
import { commands } from '#lib/cli/commands';
import { completionScript } from '#lib/cli/completion';
import { manualPage } from '#lib/cli/man';
import { formats, formatted, messagesOf, type Format } from '#lib/cli/messages/format';
import { paint, wantsColour } from '#lib/cli/terminal';
import { duration, hostAndPort } from '#lib/cli/values';
import { projectRoot } from '../support/child';

const program = join(projectRoot, 'bin', 'kernel-sctp.js');
const run = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    input: '',
  });
  return { status, stdout, stderr };
};

describe('help', () => {
  test('lists every command', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(`  ${name} `);
    for (const { summary } of commands) expect(stdout).toContain(summary);
  });

  test.each(commands.map(({ name }) => name))(
    'of %s names each option, within 100 columns',
    (name) => {
      const { status, stdout } = run(name, '--help');
      expect(status).toBe(0);
      const command = commands.find((known) => known.name === name);
      for (const option of Object.keys(command?.options ?? {}))
        expect(stdout).toContain(`--${option}`);
      expect(command?.examples.length).toBeGreaterThan(0);
      expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    },
  );

  test('of a command, asked for either way', () => {
    expect(run('help', 'ping')).toEqual(run('ping', '--help'));
  });

  test('--version', () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test('without a command goes to a person who has done something wrong', () => {
    expect(run()).toMatchObject({ status: 2, stdout: run('--help').stdout });
  });
});

describe('wrong use is one line that says what to do, and status 2', () => {
  test.each([
    [['conect'], /unknown command 'conect' \(did you mean 'connect'\?\)/],
    [['connect'], /connect needs HOST:PORT\. Usage: kernel-sctp connect \[OPTION…\] HOST:PORT/],
    [['connect', 'a:1', 'b:2'], /unexpected 'b:2'/],
    [['connect', '::1'], /'::1' is not HOST:PORT; write \[::1\]:PORT/],
    [['connect', '[localhost]:1'], /'localhost' in brackets is not an IPv6 address/],
    [['connect', 'a:65536'], /the port must be a whole number from 0 to 65535, not '65536'/],
    [['connect', 'a:1', '--formt', 'hex'], /unknown option --formt \(did you mean '--format'\?\)/],
    [['connect', 'a:1', '--format', 'xml'], /--format must be one of lines, hex, frames, raw/],
    [['connect', 'a:1', '--ppid', 'M3AU'], /--ppid.*did you mean 'M3UA'/],
    [['connect', 'a:1', '--sid', '65535'], /--sid must be a whole number from 0 to 65534/],
    [['connect', 'a:1', '--preset', 'sigtan'], /--preset must be one of rfc9260, sigtran/],
    [['connect', 'a:1', '--engine', 'usr'], /--engine must be one of kernel, user, not 'usr'/],
    [['connect', 'a:1', '--udp-port', '0'], /--udp-port must be a whole number from 1 to 65535/],
    [['listen', '7', '--udp-port', '9900'], /--udp-port needs --engine user here/],
    [['ping', 'a:1', '--engine', 'user'], /sends no heartbeats on request: use --message/],
    [['connect', 'a:1', '--timeout', 'soon'], /--timeout must be a time like 250ms, 2s or 1m/],
    [['connect', 'a:1', '--ppid'], /--ppid/],
    [['listen', '7', '--echo', '--exec', 'cat'], /--echo and --exec exclude each other/],
    [['listen', 'seven'], /PORT must be a whole number/],
    [['ping', 'a:1', '--count', '0'], /--count must be a whole number from 1/],
    [['relay', 'udp:1', 'sctp:a:1'], /'udp:1' is not sctp:PORT or tcp:PORT/],
    [['relay', 'sctp:1', 'a:1'], /'a:1' is not sctp:HOST:PORT or tcp:HOST:PORT/],
    [['listen', '7', '--echo', '--discard'], /--echo and --discard exclude each other/],
    [['dump', '--text', '--json'], /--text and --json exclude each other/],
    [['dump', '--write', '-', '--json'], /--write - leaves stdout no text/],
    [['dump', '--count', '0'], /--count must be a whole number from 1/],
    [['dump', '--port', '70000'], /--port must be a whole number from 1 to 65535/],
    [['dump', '--udp-port', '0'], /--udp-port must be a whole number from 1 to 65535/],
    [['dump', '-i', 'a-name-that-is-too-long'], /--interface .* is longer than a name can be/],
    [['dump', 'eth0'], /unexpected 'eth0'/],
    [['bench'], /bench needs HOST:PORT/],
    [['bench', 'a:1', '-c', '1', '-d', '1s'], /--count and --duration exclude each other/],
    [['bench', 'a:1', '--size', '0'], /--size must be a whole number from 1 to 67108864/],
    [['bench', 'a:1', '--streams', '65536'], /--streams must be a whole number from 1 to 65535/],
    [['bench', 'a:1', '--associations', '0'], /--associations must be a whole number from 1/],
    [['top', '--interval', '0'], /--interval must be a time like/],
    [['top', '--count', '0'], /--count must be a whole number from 1/],
    [['status', '--port', 'x'], /--port must be a whole number/],
    [['completion', 'csh'], /the shell must be one of bash, zsh, fish, not 'csh'/],
  ])('%j', (words, line) => {
    const { status, stdout, stderr } = run(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('every command line in the documentation and in examples is right', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'command-line.md'), 'utf8');
  const documented = [...page.matchAll(/kernel-sctp ([a-z].*?)(?:\)|$)/gm)]
    .map(([, words = '']) => words)
    .filter((words) => !words.includes('`'));
  const examples = commands.flatMap(({ examples }) =>
    examples.map((example) => example.replace(/^.*kernel-sctp /, '').replace(/\)$/, '')),
  );
  expect(documented.length).toBeGreaterThanOrEqual(12);
  for (const line of [...documented, ...examples]) {
    const [alone = ''] = line.split(' | ');
    const [name, ...words] = [...alone.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const command = commands.find((known) => known.name === name);
    expect({ line, isKnown: command !== undefined }).toEqual({ line, isKnown: true });
    if (command) expect(() => parseArguments(command, words)).not.toThrow();
  }
});

describe('values', () => {
  test('HOST:PORT', () => {
    expect(hostAndPort('example.com:7')).toEqual({ host: 'example.com', port: 7 });
    expect(hostAndPort('[fe80::1%eth0]:7')).toEqual({ host: 'fe80::1%eth0', port: 7 });
  });

  test('times', () => {
    expect(['250ms', '2s', '2', '1m', '0.5s'].map((text) => duration(text, 'it'))).toEqual([
      250, 2000, 2000, 60_000, 500,
    ]);
  });
});

describe('formats', () => {
  const messages = [Buffer.from('one'), Buffer.from([0, 1, 255]), Buffer.from('three')];
  const read = async (chunks: Buffer[], format: Format): Promise<Buffer[]> => {
    const read: Buffer[] = [];
    for await (const message of messagesOf(Readable.from(chunks), format)) read.push(message);
    return read;
  };

  test.each(formats.filter((format) => format !== 'raw'))(
    '%s: what was written is read, in whatever pieces it comes',
    async (format) => {
      const bytes = Buffer.concat(messages.map((message) => formatted(message, format)));
      expect(await read([bytes], format)).toEqual(messages);
      expect(
        await read(
          [...bytes].map((byte) => Buffer.from([byte])),
          format,
        ),
      ).toEqual(messages);
    },
  );

  test('raw: what comes is a message', async () => {
    expect(await read(messages, 'raw')).toEqual(messages);
  });

  test('the last line may lack its end', async () => {
    expect(await read([Buffer.from('a\nb')], 'lines')).toEqual([
      Buffer.from('a'),
      Buffer.from('b'),
    ]);
  });

  test.each([
    ['hex', 'xyz\n', "'xyz' is not hexadecimal"],
    ['frames', '\0\0\0\x05ab', 'the last frame is incomplete'],
    ['frames', '\0\0\0\x05', 'the last frame is incomplete'],
    ['frames', '\xff\xff\xff\xff', 'a frame of 4294967295 bytes is too long'],
  ] as const)('%s: %j is refused', async (format, text, reason) => {
    await expect(read([Buffer.from(text, 'latin1')], format)).rejects.toThrow(reason);
  });
});

describe('colours', () => {
  test('are for terminals, unless the environment decides', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true);
  });

  test('leave the text as it is where there are none', () => {
    expect(paint(false).good('fine')).toBe('fine');
    expect(paint(true).good('fine')).toContain('\u001b[');
  });
});

describe('completion', () => {
  test('bash completes commands and options', () => {
    const complete = (...words: string[]): string[] => {
      const script = [
        completionScript('bash', commands),
        `COMP_WORDS=(kernel-sctp ${words.map((word) => `'${word}'`).join(' ')})`,
        `COMP_CWORD=${String(words.length)}`,
        '_kernel_sctp; printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n');
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
      expect(stderr).toBe('');
      return stdout.trim().split('\n');
    };
    expect(complete('con')).toEqual(['connect']);
    expect(complete('connect', '--fo')).toEqual(['--format']);
    expect(complete('status', '--')).toEqual(['--port', '--json', '--help']);
  });

  test('fish and zsh know each command', () => {
    for (const { name } of commands) {
      expect(completionScript('fish', commands)).toContain(`-a ${name} `);
      expect(completionScript('zsh', commands)).toContain(name);
    }
  });
});

test('the manual page is that of the commands (node scripts/man-page.mjs)', () => {
  const page = readFileSync(join(projectRoot, 'bin', 'kernel-sctp.1'), 'utf8');
  expect(page).toBe(manualPage(commands));
});
