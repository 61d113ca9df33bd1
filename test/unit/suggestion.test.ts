/** "did you mean", wherever a name is unknown. */
import { checkNotifications } from '#lib/notifications/choice';
import { checkOptions } from '#lib/options/sctp-options';
import { getOption, setOption } from '#lib/options/options';
import { checkPpid } from '#lib/protocols/ppid';
import { defaults } from '#lib/defaults';
import { didYouMean } from '#lib/errors/suggestion';
import { checkSendInfo } from '#lib/messages/info';
import { optionNames, optionTable } from '#lib/options/table';
import { checkNames, checkOneOf } from '#lib/validate';

test.each([
  ['hots', 'host'], // swapped
  ['por', 'port'], // missing
  ['sctpp', 'sctp'], // too many
  ['hist', 'host'], // replaced
  ['HOST', 'host'],
  ['maxMesageSzie', 'maxMessageSize'], // two slips in a long name
])('%s is close to %s', (given, name) => {
  const known = ['port', 'host', 'sctp', 'maxMessageSize'];
  expect(didYouMean(given, known)).toBe(` (did you mean '${name}'?)`);
});

test.each(['ttl', '', 'h', 'ghost town', 'host'.repeat(1e6), 5, undefined])(
  'nothing is close to %.10p',
  (given) => {
    expect(didYouMean(given, ['host', 'port'])).toBe('');
  },
);

test.each<[string, () => unknown, string]>([
  [
    'a property',
    () => {
      checkNames('options', { hots: 1 }, ['host', 'port']);
    },
    'host',
  ],
  ['a choice', () => checkOneOf('oversize', 'spilt', ['error', 'split']), 'split'],
  ['an option', () => checkOptions('sctp', { rtoinfo: {} }, 'one-to-one'), 'rtoInfo'],
  ['the name of an option', () => getOption({} as never, 'sndBuff' as 'sndBuf'), 'sndBuf'],
  [
    "an option's field",
    () => checkOptions('sctp', { rtoInfo: { inital: 1 } }, 'one-to-one'),
    'initial',
  ],
  [
    "an option's choice",
    () => checkOptions('sctp', { defaultPrInfo: { policy: 'tll', value: 1 } }, 'one-to-one'),
    'ttl',
  ],
  ['a chunk type', () => checkOptions('sctp', { authChunks: ['dta'] }, 'one-to-one'), 'data'],
  ['a PPID', () => checkPpid('ppid', 'DIAMETR'), 'DIAMETER'],
  ['a PPID of a message', () => checkSendInfo({ ppid: 'm3au' }), 'M3UA'],
  ['a default', () => defaults({ rto_inital: 1 } as never), 'rto_initial'],
  ['a notification', () => checkNotifications('types', ['assocChang']), 'assocChange'],
])('%s is suggested', (_what, call, name) => {
  expect(call).toThrow(`(did you mean '${name}'?)`);
});

/** What an error says was expected. */
function expected(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    return (/expected one of ([\w, ]+)/.exec((error as Error).message)?.[1] ?? '').split(', ');
  }
  throw new Error('nothing was thrown');
}

describe('the names that are listed can be used there', () => {
  const { readOnly, writeOnly, early } = {
    readOnly: optionNames.filter((name) => optionTable[name].readOnly),
    writeOnly: optionNames.filter((name) => optionTable[name].writeOnly),
    early: optionNames.filter((name) => ['one', 'present'].includes(optionTable[name].reach)),
  };

  test.each(['one-to-one', 'one-to-many'] as const)('of new %s sockets', (style) => {
    const names = expected(() => checkOptions('sctp', { nothing: 1 }, style));
    const others = optionNames.filter((name) => !names.includes(name));
    const ofOtherStyle = optionNames.filter(
      (name) => (optionTable[name].style?.only ?? style) !== style,
    );
    expect(new Set(others)).toEqual(new Set([...readOnly, ...early, ...ofOtherStyle]));
    for (const name of others) {
      const reason = /can only be read|needs an association|exists on/;
      expect(() => checkOptions('sctp', { [name]: 1 }, style)).toThrow(reason);
    }
  });

  test('of open ones, to get and to set', () => {
    const toGet = expected(() => getOption({} as never, 'nothing' as 'sndBuf'));
    expect(toGet).toEqual(optionNames.filter((name) => !writeOnly.includes(name)));
    const toSet = expected(() => {
      setOption({} as never, 'nothing' as 'sndBuf', 1);
    });
    expect(toSet).toEqual(optionNames.filter((name) => !readOnly.includes(name)));
  });
});
