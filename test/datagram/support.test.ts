/** support(): what the kernel can do, and what is in the way. */
import { readFileSync, writeFileSync } from 'node:fs';

import { type Features, open, type SctpOptions, type StreamScheduler, support } from 'kernel-sctp';

import { closing, defer } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';

/** Until the end of the test. A test kernel's settings are ours to change. */
function sysctl(name: string, value: number): void {
  const path = `/proc/sys/net/sctp/${name}`;
  const before = readFileSync(path, 'ascii');
  writeFileSync(path, String(value));
  defer(() => {
    writeFileSync(path, before);
  });
}

type Name = Exclude<keyof Features, 'schedulers'>;

describeSctp('support()', () => {
  test('is plain data', () => {
    const report = support();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  // On a kernel as old as 5.14 at least, and with the kernel's own settings.
  test.each<[Name, number | undefined]>([
    ['auth', 0],
    ['asconf', 0],
    ['reconfig', 0],
    ['partialReliability', 1],
    ['ecn', 1],
    ['plpmtud', 0],
    ['primarySwitchover', 65_535],
  ])('%s is there, by default %p', (name, value) => {
    const { available, byDefault, inTheWay } = support().features[name];
    expect({ available, value: byDefault?.value, inTheWay }).toEqual({ available: true, value });
    expect(Number(readFileSync(byDefault?.path ?? '', 'ascii'))).toBe(value);
  });

  test('a changed default is reported', () => {
    sysctl('auth_enable', 1);
    expect(support().features.auth.byDefault).toEqual({
      name: 'net.sctp.auth_enable',
      path: '/proc/sys/net/sctp/auth_enable',
      value: 1,
    });
  });

  test.each<[Name, string, number, SctpOptions]>([
    ['interleaving', 'intl_enable', 0, { interleavingSupported: true }],
    ['udpEncapsulation', 'udp_port', 0, { remoteUdpEncapsPort: { port: 9899 } }],
    ['potentiallyFailed', 'pf_enable', 0, { exposePfState: 'enable' }],
  ])('%s: a sysctl is in the way, until it is changed', (name, setting, value, sctp) => {
    sysctl(setting, value);
    const { available, inTheWay } = support().features[name];
    expect(available).toBe(false);
    expect(inTheWay).toEqual({
      name: `net.sctp.${setting}`,
      path: `/proc/sys/net/sctp/${setting}`,
      value,
      remedy: expect.stringContaining(`sysctl -w net.sctp.${setting}=`) as string,
    });
    if (name === 'interleaving') {
      expectThrow(() => open({ host: '127.0.0.1', sctp }, () => undefined), {
        code: 'ERR_SCTP_OPTION',
        option: 'interleavingSupported',
        message: expect.stringContaining('sysctl -w net.sctp.intl_enable=1') as string,
      });
    }
    const [, wanted] = /=(\d+)/.exec(inTheWay?.remedy ?? '') ?? [];
    sysctl(setting, Number(wanted));
    expect(support().features[name]).not.toHaveProperty('inTheWay');
    expect(support().features[name].available).toBe(true);
    const handle = closing(open({ host: '127.0.0.1', sctp }, () => undefined));
    for (const option of Object.keys(sctp) as 'exposePfState'[]) {
      expect(handle.getOption(option)).toEqual(sctp[option]);
    }
  });

  test('schedulers are those that can be set', () => {
    const { schedulers } = support().features;
    expect(schedulers.slice(0, 3)).toEqual(['fcfs', 'prio', 'rr']);
    const handle = closing(open({ host: '127.0.0.1' }, () => undefined));
    for (const name of ['fcfs', 'prio', 'rr', 'fc', 'wfq'] as StreamScheduler[]) {
      const set = () => {
        handle.setOption('streamScheduler', name);
      };
      if (schedulers.includes(name)) {
        set();
        expect(handle.getOption('streamScheduler')).toBe(name);
      } else {
        expectThrow(set, {
          code: 'ERR_SCTP_OPTION',
          message: expect.stringContaining("'fc' and 'wfq' need Linux 6.4") as string,
        });
      }
    }
  });
});
