/** What options of handles do, as the kernel and the peer show it. */
import { readFileSync } from 'node:fs';

import { open } from 'kernel-sctp';

import { binding } from '#lib/binding';
import { getOption } from '#lib/options/options';

import { associated, LOCALHOST } from '../support/associations';
import { closing } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { Inbox } from '../support/inbox';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

const { SCTP_PR_SCTP_PRIO } = binding.constants;
const ADDIP = { authSupported: true, asconfSupported: true };

function localAssociations(port: number): number {
  const rows = readFileSync('/proc/net/sctp/assocs', 'ascii').split('\n');
  return rows.filter((row) => row.trim().split(/\s+/)[11] === String(port)).length;
}

describeSctp('options of a handle', () => {
  test('autoAsconf of one that is bound to every address', () => {
    for (const host of [undefined, '::', '0.0.0.0']) {
      const options = { ...(host !== undefined && { host }), sctp: { ...ADDIP, autoAsconf: true } };
      const handle = closing(open(options, () => undefined));
      expect(handle.getOption('autoAsconf')).toBe(true);
      handle.setOption('autoAsconf', false);
      expect(handle.getOption('autoAsconf')).toBe(false);
    }
    const narrow = closing(open({ host: LOCALHOST, sctp: ADDIP }, () => undefined));
    expectThrow(
      () => {
        narrow.setOption('autoAsconf', true);
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('bound to every address of the machine') as string,
      },
    );
  });

  test('an option that another one enables is refused without that', () => {
    const handle = closing(open({}, () => undefined));
    for (const [name, value, need] of [
      ['autoAsconf', true, 'asconfSupported'],
      ['asconfSupported', true, 'authSupported'],
      ['enableStreamReset', { resetAssoc: true }, 'reconfigSupported'],
    ] as const) {
      expectThrow(
        () => {
          handle.setOption(name, value);
        },
        {
          code: 'ERR_SCTP_OPTION',
          option: name,
          message: expect.stringContaining(`it needs ${need}: set that first`) as string,
        },
      );
    }
    handle.setOption('authSupported', true);
    handle.setOption('asconfSupported', true);
    expect(handle.getOption('asconfSupported')).toBe(true);
  });

  test('autoClose ends an association without traffic', async () => {
    const inbox = new Inbox();
    const handle = closing(open({ host: LOCALHOST, sctp: { autoClose: 1 } }, inbox.onRecv));
    const peer = await PythonPeer.open({});
    handle.send(Buffer.from('x'), LOCALHOST, peer.port);
    await peer.waitForMessages(1);
    const { port } = handle.address();
    expect(localAssociations(port)).toBe(1);
    while (localAssociations(port) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    // And the next message begins another.
    handle.send(Buffer.from('y'), LOCALHOST, peer.port);
    await peer.waitForMessages(2);
    expect(inbox.errors).toEqual([]);
  });

  test('partialDeliveryPoint is at most half of the receive buffer', () => {
    const handle = closing(open({ host: LOCALHOST, sctp: { rcvBuf: 100_000 } }, () => undefined));
    const half = handle.getOption('rcvBuf') / 2;
    handle.setOption('partialDeliveryPoint', half);
    expect(handle.getOption('partialDeliveryPoint')).toBe(half);
    expectThrow(
      () => {
        handle.setOption('partialDeliveryPoint', half + 1);
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('half of what getOption("rcvBuf") returns') as string,
      },
    );
  });

  test('maxSeg of an IPv4 socket is at least 464', () => {
    expectThrow(() => open({ host: LOCALHOST, sctp: { maxSeg: 463 } }, () => undefined), {
      code: 'ERR_SCTP_OPTION',
      message: expect.stringContaining('at least 464 bytes') as string,
    });
    const v6 = closing(open({ host: '::1', sctp: { maxSeg: 463 } }, () => undefined));
    expect(v6.getOption('maxSeg')).toBe(463);
  });

  test('those of one path, and of an address that is none', async () => {
    const inbox = new Inbox();
    const peer = closing(open({ host: LOCALHOST }, inbox.onRecv));
    const handle = closing(open({ host: LOCALHOST }, () => undefined));
    const address = { address: LOCALHOST, port: peer.address().port };
    handle.send(Buffer.from('x'), address.address, address.port);
    await inbox.waitForMessages(1);
    const values = {
      peerAddrThresholds: { pathMaxRxt: 3, pathPfThreshold: 1, pathCpThreshold: 2 },
      plpmtudProbeInterval: { interval: 5000 },
      remoteUdpEncapsPort: { port: 7000 },
    } as const;
    for (const name of Object.keys(values) as (keyof typeof values)[]) {
      handle.setOption(name, { address, ...values[name] });
      expect(handle.getOption(name, { address })).toMatchObject(values[name]);
      expect(handle.getOption(name)).not.toMatchObject(values[name]); // others are as before
      expectThrow(
        () => {
          handle.setOption(name, {
            ...values[name],
            address: { ...address, address: '127.0.0.9' },
          });
        },
        {
          code: 'ERR_SCTP_OPTION',
          message: expect.stringMatching(
            new RegExp(`cannot set ${name} to .*The address must be one of the peer`),
          ) as string,
        },
      );
    }
    // What is left out keeps its value, though the kernel would write 0.
    handle.setOption('peerAddrThresholds', { address, pathMaxRxt: 4 });
    expect(handle.getOption('peerAddrThresholds', { address })).toMatchObject({
      pathMaxRxt: 4,
      pathPfThreshold: 1,
      pathCpThreshold: 2,
    });
  });

  test('a stream’s value is for associations that are there', () => {
    const handle = closing(open({ host: LOCALHOST }, () => undefined));
    handle.setOption('streamSchedulerValue', { sid: 0, value: 1 }); // of none
    expectThrow(
      () =>
        (handle.getOption as (...args: unknown[]) => unknown)('streamSchedulerValue', { sid: 0 }),
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('There must be an association') as string,
      },
    );
  });

  test('defaultPrInfo by retransmissions is not taken for a lifetime', async () => {
    const peer = await PythonPeer.open({ rcvBuf: 10_000, reading: false });
    const inbox = new Inbox();
    const handle = closing(
      open(
        {
          host: LOCALHOST,
          unordered: false,
          sctp: { defaultPrInfo: { policy: 'rtx', value: 30 }, assocInfo: { asocMaxRxt: 100 } },
        },
        inbox.onRecv,
      ),
    );
    const count = 30;
    for (let i = 0; i < count; i++) handle.send(Buffer.alloc(2000), LOCALHOST, peer.port);
    await new Promise((resolve) => setTimeout(resolve, 100)); // longer than 30 ms
    await peer.read(true);
    expect(await peer.waitForMessages(count)).toHaveLength(count);
    expect(inbox.errors).toEqual([]);
  });
});

describeSctp('prAssocStatus', () => {
  test('counts what a message of higher priority displaces when the buffer is full', async () => {
    const { socket, assocId, port } = await associated({ sndBuf: 20_000 });
    const send = (priority: number) => {
      const info = [0, 0, 0, 0, SCTP_PR_SCTP_PRIO, priority, undefined, 0] as const;
      return socket.send(Buffer.alloc(2000), ...info, LOCALHOST, port);
    };
    const read = () => getOption(socket, 'prAssocStatus', { policy: 'prio' }, { assocId });
    expect(read()).toEqual({ policy: 'prio', abandonedUnsent: 0, abandonedSent: 0 });
    let result = 0;
    for (let i = 0; i < 10_000 && result >= 0; i++) result = send(9);
    expect(result).toBeLessThan(0);
    send(1); // what is displaced after it was sent makes room only once the peer knows
    const { abandonedUnsent, abandonedSent } = read();
    expect(Number(abandonedUnsent) + Number(abandonedSent)).toBeGreaterThan(0);
    expect(getOption(socket, 'prStreamStatus', { sid: 0, policy: 'prio' }, { assocId })).toEqual({
      sid: 0,
      policy: 'prio',
      abandonedUnsent,
      abandonedSent,
    });
  });
});
