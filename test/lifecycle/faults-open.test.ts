/** What open() and support() say when the kernel refuses, and that nothing stays open. */
import { runWithFaults } from '../faults/faults';
import { success } from './run';
import { describeSctp } from '../support/sctp';

interface Refusal {
  rule: string;
  options?: object;
  /** The error's fields, and words of its message. */
  error: object;
  words: string[];
}

const REMEDY = ['no SCTP', 'modprobe sctp', '/etc/modprobe.d', 'kernel-modules-extra', 'WSL2'];

const refusals: Refusal[] = [
  {
    rule: 'socket=EPROTONOSUPPORT',
    error: { code: 'ERR_SCTP_NOT_SUPPORTED', errno: -93, syscall: 'socket' },
    words: ['EPROTONOSUPPORT', ...REMEDY],
  },
  {
    rule: 'socket=ESOCKTNOSUPPORT',
    error: { code: 'ERR_SCTP_NOT_SUPPORTED', errno: -94, syscall: 'socket' },
    words: ['ESOCKTNOSUPPORT', ...REMEDY],
  },
  {
    rule: 'socket=EMFILE',
    error: { code: 'EMFILE', errno: -24, syscall: 'socket' },
    words: ['socket EMFILE'],
  },
  {
    rule: 'socket=EACCES',
    error: { code: 'EACCES', errno: -13, syscall: 'socket' },
    words: ['socket EACCES'],
  },
  {
    rule: 'setsockopt:11=ENOPROTOOPT', // SCTP_EVENTS
    error: { code: 'ENOPROTOOPT', errno: -92, syscall: 'setsockopt' },
    words: ['setsockopt ENOPROTOOPT', 'Linux 5.0 or later'],
  },
  {
    rule: 'setsockopt:32=ENOPROTOOPT', // SCTP_RECVRCVINFO
    error: { code: 'ENOPROTOOPT', errno: -92, syscall: 'setsockopt' },
    words: ['Linux 5.0 or later'],
  },
  {
    rule: 'setsockopt:3=EPERM', // SCTP_NODELAY
    error: { code: 'ERR_SCTP_OPTION', option: 'noDelay', errno: -1, syscall: 'setsockopt' },
    words: ['cannot set noDelay to true', 'operation not permitted (EPERM)'],
  },
  {
    rule: 'getsockopt:34=ENOPROTOOPT', // SCTP_DEFAULT_SNDINFO, read before it is set
    error: { code: 'ERR_SCTP_OPTION', option: 'defaultSndInfo', syscall: 'getsockopt' },
    words: ['cannot set defaultSndInfo', 'protocol not available (ENOPROTOOPT)'],
  },
  {
    rule: 'listen=EADDRINUSE',
    options: { port: 4000 },
    error: { code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 4000 },
    words: ['listen EADDRINUSE 127.0.0.1:4000'],
  },
  {
    rule: 'epoll_ctl:1=ENOSPC', // fs.epoll.max_user_watches
    error: { code: 'ENOSPC', errno: -28 },
    words: ['ENOSPC'],
  },
];

describeSctp('when the kernel refuses', () => {
  let reports: { error: Record<string, unknown>; message: string; left: number }[];

  beforeAll(async () => {
    const { code, stdout, stderr } = await runWithFaults(`
      open(HOST, 0, 1000, () => {}).close();
      const before = descriptors();
      const reports = ${JSON.stringify(refusals)}.map(({ rule, options }) => {
        faults(rule);
        try {
          open({ host: HOST, ...options }, () => {}).close(); // it should not have opened
        } catch (error) {
          faults();
          return { error, message: error.message, left: descriptors() - before };
        }
      });
      open(HOST, 0, 1000, () => {}).close();
      console.log(JSON.stringify(reports));
    `);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    reports = JSON.parse(stdout) as typeof reports;
  });

  test.each(refusals.map((refusal, index) => ({ ...refusal, index })))(
    '$rule: open() throws and leaves no descriptor',
    ({ index, error, words }) => {
      const report = reports[index];
      expect(report).toMatchObject({ error, left: 0 });
      for (const word of words) expect(report?.message).toContain(word);
    },
  );
});

describeSctp('open() whose later steps fail', () => {
  test('leaves no descriptor, whichever system call it is', async () => {
    const ended = await runWithFaults(`
      const { setTimeout: later } = require('node:timers/promises');
      open({}, () => {}).close();
      const before = descriptors();
      const test = async (call) => {
        faults(call + '=0');
        open({}, () => {}).close();
        const count = calls(call.split(':')[0]);
        const outcomes = new Set();
        for (let nth = 1; nth <= count; nth++) {
          faults(call + '=ENOMEM*1@' + nth);
          try {
            open({}, () => {}).close();
            outcomes.add('opened');
          } catch (error) {
            outcomes.add(error.errno);
          }
        }
        // close() may have to list the associations again.
        for (let i = 0; i < 100 && descriptors() !== before; i++) await later(20);
        console.log(call, count > 0, descriptors() - before, [...outcomes].sort().join());
      };
      (async () => {
        for (const call of ['setsockopt', 'getsockopt', 'listen', 'epoll_ctl:1']) await test(call);
      })();
    `);
    const lines = ended.stdout.trimEnd().split('\n');
    expect(ended).toEqual(success(ended.stdout));
    expect(lines).toEqual([
      'setsockopt true 0 -12,opened', // SO_SNDBUFFORCE may fail, and SO_RCVBUFFORCE
      'getsockopt true 0 -12,opened', // close() asks for the receive buffer's size
      'listen true 0 -12',
      'epoll_ctl:1 true 0 -12',
    ]);
  });

  test('falls back to IPv4 where there is no IPv6', async () => {
    const ended = await runWithFaults(`
      faults('socket:10=EAFNOSUPPORT'); // AF_INET6
      const handle = open({}, () => {});
      console.log(handle.address().address);
      handle.close();
    `);
    expect(ended).toEqual(success('0.0.0.0\n'));
  });
});

describeSctp('where the kernel lacks a hash', () => {
  test('listen() names the setting, and support() sees it coming', async () => {
    const { stdout, ...ended } = await runWithFaults(`
      const { createEndpoint, support } = require('kernel-sctp');
      const refusal = (make) => new Promise((resolve) => {
        try {
          make().on('error', resolve);
        } catch (error) {
          resolve(error);
        }
      });
      faults('listen=ENOSYS');
      for (const make of [
        () => createServer().listen(0, HOST),
        () => createEndpoint().listen({ host: HOST, port: 0 }),
        () => open({ host: HOST }, () => {}),
      ]) {
        const { code, syscall, message } = await refusal(make);
        console.log(code, syscall, message.includes('net.sctp.cookie_hmac_alg=md5'));
      }
      const { sctp, listening } = support();
      console.log(sctp, listening.available, listening.reason, listening.remedy.length);
      faults();
      console.log(support().listening);
    `);
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      ...Array<string>(3).fill('ENOSYS listen true'),
      'true false listen() failed with ENOSYS 3',
      '{ available: true }',
      '',
    ]);
  });

  test('socket() names what lacks, and support() says the same', async () => {
    const { stdout, ...ended } = await runWithFaults(`
      const { once } = require('node:events');
      const { support } = require('kernel-sctp');
      faults('socket=ENOMEM');
      const socket = connect(9, HOST);
      const [{ code, syscall, message }] = await once(socket, 'error');
      const { sctp, reason, remedy, listening } = support();
      console.log(code, syscall, remedy.every((line) => message.includes(line)));
      console.log(sctp, reason, listening);
    `);
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toBe('ENOMEM socket true\nfalse socket() failed with ENOMEM undefined\n');
  });
});

describeSctp('support()', () => {
  test('says why there is no SCTP, and what to do about it', async () => {
    const ended = await runWithFaults(`
      const { support } = require('kernel-sctp');
      for (const name of ['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT', 'EACCES']) {
        faults('socket=' + name);
        const { sctp, reason, remedy } = support();
        console.log(sctp, reason, remedy?.[0]);
      }
      faults();
      const { sctp, reason, remedy } = support();
      console.log(sctp, reason, remedy);
    `);
    const lines = [
      'false socket() failed with EPROTONOSUPPORT load the module: modprobe sctp (as root)',
      'false socket() failed with ESOCKTNOSUPPORT load the module: modprobe sctp (as root)',
      'false socket() failed with EACCES see socket(2) for what EACCES means',
      'true undefined undefined',
    ];
    expect(ended).toEqual(success(`${lines.join('\n')}\n`));
  });
});
