/** `defaults()`: what sockets are made with that say nothing else. */
import { readFileSync } from 'node:fs';

import { defaults, type Defaults } from 'kernel-sctp';

import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

const all = {
  rto_initial: 520,
  rto_min: 320,
  rto_max: 1040,
  valid_cookie_life: 5000,
  association_max_retrans: 4,
  path_max_retrans: 3,
  max_init_retransmits: 2,
  hb_interval: 1240,
  max_burst: 7,
  sack_timeout: 160,
  sack_freq: 3,
  RWND: 300_000,
  PMTU: 1400,
} as const satisfies Required<Defaults>;

function setFor(test: Defaults): Readonly<Defaults> {
  defer(() => {
    defaults(Object.fromEntries(Object.keys(all).map((name) => [name, undefined])));
  });
  return defaults(test);
}

describeSctp('defaults', () => {
  test('hold for sockets and servers made after that', async () => {
    const before = await connectedPair();
    expect(setFor(all)).toEqual(all);
    const after = await connectedPair();
    for (const socket of [after.client, after.peer]) {
      expect(socket.getOption('rtoInfo')).toEqual({ initial: 520, min: 320, max: 1040 });
      expect(socket.getOption('assocInfo')).toMatchObject({ asocMaxRxt: 4, cookieLife: 5000 });
      expect(socket.getOption('peerAddrParams')).toMatchObject({
        hbInterval: 1240,
        pathMaxRxt: 3,
        pathMtu: 1400,
      });
      expect(socket.getOption('initMsg').maxAttempts).toBe(2);
      expect(socket.getOption('maxBurst')).toBe(7);
      expect(socket.getOption('delayedSack')).toEqual({ delay: 160, freq: 3 });
      expect(socket.getOption('rcvBuf')).toBe(600_000); // the kernel's double
    }
    expect(before.client.getOption('rtoInfo').initial).not.toBe(520);
  });

  test('count less than what a socket says itself, field by field', async () => {
    setFor({ rto_initial: 520, rto_min: 320 });
    const { client } = await connectedPair({ client: { sctp: { rtoInfo: { initial: 400 } } } });
    expect(client.getOption('rtoInfo')).toMatchObject({ initial: 400, min: 320 });
  });

  test("are the kernel's where nothing was set, and again when undefined", () => {
    const kernel = Number(readFileSync('/proc/sys/net/sctp/rto_max', 'latin1'));
    expect(defaults().rto_max).toBe(kernel);
    expect(setFor({ rto_max: 5200 }).rto_max).toBe(5200);
    expect(defaults({ rto_max: undefined } as object).rto_max).toBe(kernel);
    expect(defaults().rto_initial).toBe(1000); // of RFC 9260, where the kernel has 3000
    expect(Object.keys(defaults())).not.toContain('RWND');
  });

  test('are set all or not at all', () => {
    const before = defaults();
    for (const [params, code] of [
      [{ rto_min: 50, rto_max: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ rto_min: 50, sack_timeout: 501 }, 'ERR_OUT_OF_RANGE'],
      [{ rto_min: 50, rto_max: '5' }, 'ERR_INVALID_ARG_TYPE'],
      [{ rto_min: 50, cookie_hmac_alg: 'sha1' }, 'ERR_INVALID_ARG_VALUE'],
      ['rto_min', 'ERR_INVALID_ARG_TYPE'],
      [null, 'ERR_INVALID_ARG_TYPE'],
    ] as const) {
      expectThrow(() => defaults(params as unknown as Defaults), { code });
    }
    expect(defaults()).toEqual(before);
    expect(Object.isFrozen(before)).toBe(true);
  });
});
