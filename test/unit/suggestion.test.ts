/** "did you mean", wherever a name is unknown. */
import { checkNotifications } from '#lib/notifications/choice';
import { checkOptions } from '#lib/options/sctp-options';
import { getOption } from '#lib/options/options';
import { checkPpid } from '#lib/protocols/ppid';
import { defaults } from '#lib/defaults';
import { didYouMean } from '#lib/errors/suggestion';
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
  ['a default', () => defaults({ rto_inital: 1 } as never), 'rto_initial'],
  ['a notification', () => checkNotifications('types', ['assocChang']), 'assocChange'],
])('%s is suggested', (_what, call, name) => {
  expect(call).toThrow(`(did you mean '${name}'?)`);
});
