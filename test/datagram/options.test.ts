/** Socket options: set, read back, refused. */
import { type AuthOptions, open, type SctpOptions } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { Inbox } from '../support/inbox';
import { sampleOf, samples } from '../support/option-samples';
import { describeSctp } from '../support/sctp';

function openWith(sctp: SctpOptions, host = '127.0.0.1') {
  return closing(open({ host, sctp }, () => undefined));
}

type NewSocketOption = Exclude<keyof SctpOptions, keyof AuthOptions>;

describeSctp('options', () => {
  /** None is the default of handles, which differ from the kernel's. */
  const values = {
    ...samples,
    fragmentInterleave: false,
    defaultSndInfo: { ...samples.defaultSndInfo, unordered: false },
    v6Only: true,
  };
  const names = Object.keys(values) as (keyof typeof values)[];
  const answer = (name: keyof typeof values): unknown => {
    const value = values[name];
    if (name === 'sndBuf' || name === 'rcvBuf') return 600_000;
    return typeof value === 'object' ? expect.objectContaining(value) : value;
  };

  test.each(names)('%s given to open() is read back', (name) => {
    const sctp = { ...(name !== 'v6Only' && sampleOf(name)), [name]: values[name] };
    const handle = openWith(sctp, name === 'v6Only' ? '::1' : '127.0.0.1');
    expect(handle.getOption(name)).toEqual(answer(name));
  });

  test.each(names.filter((name) => name !== 'v6Only'))('%s set later is read back', (name) => {
    const handle = openWith({ ...sampleOf(name), [name]: undefined });
    const before = handle.getOption(name);
    const set = () => {
      handle.setOption(name, values[name]);
    };
    if (name === 'reusePort') {
      expectThrow(set, {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('the socket is bound already; give it as sctp.') as string,
      });
    } else {
      set();
      expect(handle.getOption(name)).toEqual(answer(name));
      expect(before).not.toEqual(answer(name));
    }
  });

  test('fields left out keep their values', () => {
    const handle = openWith({});
    handle.setOption('rtoInfo', { max: 4000 });
    expect(handle.getOption('rtoInfo')).toEqual({ initial: 250, min: 200, max: 4000 });
    handle.setOption('defaultSndInfo', { ppid: 3 });
    handle.setOption('defaultSndInfo', { sid: 1 });
    expect(handle.getOption('defaultSndInfo')).toEqual({
      sid: 1,
      ppid: 3,
      context: 0,
      unordered: true,
    });
    handle.setOption('defaultSndInfo', { ppid: 'SUA' });
    expect(handle.getOption('defaultSndInfo').ppid).toBe(4);
    const path = handle.getOption('peerAddrParams');
    handle.setOption('peerAddrParams', { pathMaxRxt: 2 });
    handle.setOption('peerAddrParams', { hbInterval: 0 });
    handle.setOption('peerAddrParams', { pathMtu: 0, sackDelay: 0 });
    expect(handle.getOption('peerAddrParams')).toEqual({ ...path, pathMaxRxt: 2, hbInterval: 0 });
    handle.setOption('defaultPrInfo', { value: 7000 });
    expect(handle.getOption('defaultPrInfo')).toEqual({ policy: 'ttl', value: 7000 });
  });

  test('defaultSndInfo leaves defaultPrInfo alone, though the kernel would not', () => {
    const handle = openWith({ defaultPrInfo: { policy: 'rtx', value: 5 } });
    handle.setOption('defaultSndInfo', { ppid: 3 });
    expect(handle.getOption('defaultPrInfo')).toEqual({ policy: 'rtx', value: 5 });
  });

  test('defaults set later apply to associations that are up', async () => {
    const inbox = new Inbox();
    const b = closing(open({ host: '127.0.0.1' }, inbox.onRecv));
    const a = openWith({});
    const { port } = b.address();
    a.send(Buffer.from('1'), '127.0.0.1', port);
    await inbox.waitForMessages(1);
    a.setOption('defaultSndInfo', { ppid: 46, sid: 2, unordered: false });
    a.send(Buffer.from('2'), '127.0.0.1', port);
    await inbox.waitForMessages(2);
    expect(inbox.messages[1]?.info).toMatchObject({ ppid: 46, sid: 2, unordered: false });
  });

  test('a path of a handle is found by its address and port', async () => {
    const inbox = new Inbox();
    const b = closing(open({ host: '127.0.0.1' }, inbox.onRecv));
    const a = openWith({});
    const { address, port } = b.address();
    a.send(Buffer.from('1'), address, port);
    await inbox.waitForMessages(1);
    const path = { address: { address, port } };
    expect(a.getOption('peerAddrInfo', path)).toMatchObject({ state: 'active' });
    a.setOption('peerAddrParams', { ...path, pathMaxRxt: 2 });
    expect(a.getOption('peerAddrParams', path).pathMaxRxt).toBe(2);
    a.setOption('primaryAddr', path.address);
    expectThrow(() => a.getOption('peerAddrInfo', { address }), { code: 'ERR_SOCKET_BAD_PORT' });
    expectThrow(() => a.getOption('status' as 'noDelay'), {
      code: 'ERR_SCTP_OPTION',
      message: expect.stringContaining('There must be an association') as string,
    });
    expectThrow(
      () => {
        a.setOption('peerAddrInfo' as 'noDelay', true);
      },
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  });

  test('what the kernel refuses names option, value and remedy', () => {
    const handle = openWith({});
    expectThrow(
      () => {
        handle.setOption('rtoInfo', { min: 60_000 });
      },
      {
        code: 'ERR_SCTP_OPTION',
        option: 'rtoInfo',
        message:
          'cannot set rtoInfo to { min: 60000 }: invalid argument (EINVAL). ' +
          'min must not be above max, also where one of them keeps its value',
      },
    );
    expect(handle.getOption('rtoInfo')).toEqual({ initial: 250, min: 200, max: 5000 });
  });

  test('v6Only cannot be changed once bound, and does not exist on IPv4', () => {
    const handle = openWith({});
    const refused = { code: 'ERR_SCTP_OPTION', option: 'v6Only' };
    expectThrow(() => handle.getOption('v6Only'), refused);
    const v6 = openWith({}, '::1');
    expectThrow(() => {
      v6.setOption('v6Only', true);
    }, refused);
  });

  test('what is given to open() must fit the defaults it meets', () => {
    expectThrow(() => openWith({ rtoInfo: { min: 9000 } }), {
      code: 'ERR_OUT_OF_RANGE',
      message: expect.stringContaining('"options.sctp.rtoInfo.min"') as string,
    });
    expectThrow(() => openWith({ defaultPrInfo: { policy: 'rtx' } }), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });

  test.each([
    ['unknown', 'ERR_INVALID_ARG_VALUE'],
    ['__proto__', 'ERR_INVALID_ARG_VALUE'],
    [undefined, 'ERR_INVALID_ARG_VALUE'],
    [Symbol('rtoInfo'), 'ERR_INVALID_ARG_VALUE'],
  ])('there is no option %p', (name, code) => {
    const handle = openWith({});
    expectThrow(() => handle.getOption(name as NewSocketOption), { code });
    expectThrow(
      () => {
        handle.setOption(name as NewSocketOption, 1);
      },
      { code },
    );
  });

  test('the default buffers are 1 and 4 MiB where that is permitted', () => {
    const handle = openWith({});
    expect([handle.getOption('sndBuf'), handle.getOption('rcvBuf')]).toEqual([
      2_097_152, 8_388_608,
    ]);
  });
});
