/** SCTP-AUTH: what is refused, by us and by the kernel, and that no error shows a key. */
import { once } from 'node:events';
import { inspect } from 'node:util';

import { connect, type SctpOptions, Socket } from 'kernel-sctp';

import { KEY, signingPair } from '../../support/auth';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying } from '../../support/sockets';

/** What `create` throws, or what it reports by 'error'. */
async function failureOf(create: () => Socket): Promise<Error> {
  let socket: Socket;
  try {
    socket = create();
  } catch (error) {
    return error as Error;
  }
  return ((await once(destroying(socket), 'error')) as [Error])[0];
}

describeSctp('SCTP-AUTH, bad input', () => {
  const bad: [string, SctpOptions, string][] = [
    ['no list', { authChunks: 'data' as never }, 'ERR_INVALID_ARG_TYPE'],
    ['an empty list', { authChunks: [] }, 'ERR_INVALID_ARG_VALUE'],
    ['a list of nothing', { authChunks: new Array(1) as [] }, 'ERR_INVALID_ARG_VALUE'],
    ['a list without end', { authChunks: new Array(2 ** 32 - 1) as [] }, 'ERR_INVALID_ARG_VALUE'],
    ['an unknown chunk', { authChunks: ['dada' as never] }, 'ERR_INVALID_ARG_VALUE'],
    ['a chunk beyond a byte', { authChunks: [256] }, 'ERR_INVALID_ARG_VALUE'],
    ['a chunk twice', { authChunks: ['data', 0] }, 'ERR_INVALID_ARG_VALUE'],
    ['a chunk that is never authenticated', { authChunks: ['init'] }, 'ERR_INVALID_ARG_VALUE'],
    [
      'COOKIE ECHO, which the kernel drops',
      { authChunks: ['cookieEcho'] },
      'ERR_INVALID_ARG_VALUE',
    ],
    ['an unknown hash', { hmacIdent: ['md5' as never] }, 'ERR_INVALID_ARG_VALUE'],
    ['a key that is text', { authKey: 'hush-hush' as never }, 'ERR_INVALID_ARG_TYPE'],
    [
      'key bytes that are text',
      { authKey: { keyNumber: 1, key: 'hush-hush' as never } },
      'ERR_INVALID_ARG_TYPE',
    ],
    ['an empty key', { authKey: { keyNumber: 1, key: Buffer.alloc(0) } }, 'ERR_OUT_OF_RANGE'],
    ['a key too long', { authKey: { keyNumber: 1, key: Buffer.alloc(65536) } }, 'ERR_OUT_OF_RANGE'],
    ['no key', { authKey: { keyNumber: 1 } as never }, 'ERR_INVALID_ARG_VALUE'],
    ['no number', { authKey: { key: KEY } as never }, 'ERR_INVALID_ARG_VALUE'],
    ['a number beyond', { authKey: { keyNumber: 65536, key: KEY } }, 'ERR_OUT_OF_RANGE'],
    ['a misspelt field', { authKey: { keynumber: 1, key: KEY } as never }, 'ERR_INVALID_ARG_VALUE'],
    ['a number that is none', { authActiveKey: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['what can only be read', { localAuthChunks: ['data'] } as never, 'ERR_INVALID_ARG_VALUE'],
  ];
  test.each(bad)('%s throws, and shows no key', (_what, sctp, code) => {
    const all = { authSupported: true, ...sctp };
    let thrown: Error | undefined;
    try {
      new Socket({ sctp: all });
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown).toMatchObject({ code });
    expect(inspect(thrown)).not.toContain('hush');
  });

  test('what cannot be read says so', async () => {
    const { client } = await signingPair();
    const untyped = client as unknown as { getOption(name: string): unknown };
    for (const name of ['authKey', 'authChunks', 'authDeleteKey', 'authDeactivateKey']) {
      expectThrow(() => untyped.getOption(name), { code: 'ERR_INVALID_ARG_VALUE' });
    }
  });

  test('what the kernel refuses names the option and the remedy, and no key', async () => {
    const { client } = await signingPair();
    const refusals: [() => void, RegExp][] = [
      [
        () => {
          client.setOption('authActiveKey', 9);
        },
        /authActiveKey to 9: .*There must be such a key/,
      ],
      [
        () => {
          client.setOption('authDeactivateKey', 1);
        },
        /authDeactivateKey to 1: .*not the active one/,
      ],
      [
        () => {
          client.setOption('authDeleteKey', 1);
        },
        /authDeleteKey to 1: .*not the active one/,
      ],
      [
        () => {
          client.setOption('authDeleteKey', 9);
        },
        /authDeleteKey to 9/,
      ],
    ];
    for (const [call, message] of refusals) {
      expectThrow(call, {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringMatching(message) as string,
      });
    }
    client.setOption('authKey', { keyNumber: 2, key: KEY });
    client.setOption('authActiveKey', 2);
    client.setOption('authDeactivateKey', 1);
    expectThrow(
      () => {
        client.setOption('authActiveKey', 1);
      },
      { code: 'ERR_SCTP_OPTION' },
    );

    const { client: plain } = await connectedPair();
    let thrown: unknown;
    try {
      plain.setOption('authKey', { keyNumber: 1, key: Buffer.from('hush-hush') });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'ERR_SCTP_OPTION', option: 'authKey' });
    const text = inspect(thrown, { depth: 9 }) + JSON.stringify(thrown);
    expect(text).toContain('it needs authSupported');
    expect(text).not.toMatch(/hush|68 75 73 68|104,117,115,104/);
  });

  test('without authSupported nothing of it can be set', async () => {
    const error = await failureOf(() =>
      connect({ host: '127.0.0.1', port: 9, sctp: { authKey: { keyNumber: 1, key: KEY } } }),
    );
    expect(error.message).toMatch(/authSupported/);
  });

  test('without SHA-1 there is no hash that every peer knows', async () => {
    const sctp = { authSupported: true, hmacIdent: ['sha256'] as const };
    const error = await failureOf(() => connect({ host: '127.0.0.1', port: 9, sctp }));
    expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION' });
    expect(error.message).toContain("It must have 'sha1'");
  });

  test('a hash that the kernel does not know', async () => {
    const sctp = { authSupported: true, hmacIdent: ['sha1', 2] as const };
    const error = await failureOf(() => connect({ host: '127.0.0.1', port: 9, sctp }));
    expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION' });
    expect(error.message).toMatch(/ENOTSUP.*The kernel knows 'sha1' and 'sha256'/);
  });
});
