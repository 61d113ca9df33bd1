/** Notifications: the table, the three views of each, and what random bytes do to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

import type { Notification } from 'kernel-sctp';

import { binding } from '#lib/binding';
import { checkNotifications, earlyNumbers, isChosen, numbersOf } from '#lib/notifications/choice';
import { eventOf } from '#lib/notifications/events';
import { toNotification } from '#lib/notifications/notification';
import { notificationTable, notificationTypes } from '#lib/notifications/table';

import type { NativeNotification, NativeOptionValues } from '../../types/native-values';
import { projectRoot } from '../support/child';

const { constants } = binding;

/** A struct that begins with the header; the test kernel's machine is little-endian. */
function struct(number: number, ...fields: Buffer[]): Buffer {
  const rest = Buffer.concat(fields);
  return Buffer.concat([u16(number), u16(0), u32(8 + rest.length), rest]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function view(native: object): Notification {
  const common = { number: 0, flags: 0, assocId: 5, raw: Buffer.alloc(0) };
  return toNotification({ ...common, ...native } as NativeNotification);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const cause = (code: number, info = ''): object => ({ code, info: Buffer.from(info) });
const assocChange = { type: 'assocChange', error: 0, causes: [], inboundStreams: 3 };
const failed = { type: 'sendFailed', sid: 1, ppid: 46, context: 7, data: Buffer.from('four') };
const whole = { firstFragment: true, lastFragment: true };
const reset = { denied: false, failed: false };
const address = { address: '10.0.0.2', family: 'IPv4', port: 5000 };

/** What each says; `#` stands for "association 5". */
const sentences: [native: object, sentence: string][] = [
  [
    { ...assocChange, state: constants.SCTP_COMM_UP, outboundStreams: 10 },
    '# is up, with 10 outbound and 3 inbound streams',
  ],
  [
    { ...assocChange, state: constants.SCTP_COMM_LOST, causes: [cause(12, 'enough')] },
    '# was aborted by the peer: user-initiated abort, error cause 12 ("enough")',
  ],
  [
    { ...assocChange, state: constants.SCTP_COMM_LOST, causes: [cause(13, '\x01\x02')] },
    '# was aborted by the peer: protocol violation, error cause 13 (2 bytes: 0102)',
  ],
  [
    { ...assocChange, state: constants.SCTP_COMM_LOST },
    '# is lost: aborted, or the peer no longer answers',
  ],
  [
    { ...assocChange, state: constants.SCTP_COMM_LOST, error: 13 },
    '# is lost: protocol violation, error cause 13',
  ],
  [
    { ...assocChange, state: constants.SCTP_RESTART, outboundStreams: 4 },
    'the peer has restarted #, now with 4 outbound and 3 inbound streams',
  ],
  [{ ...assocChange, state: constants.SCTP_SHUTDOWN_COMP }, '# has ended in order'],
  [
    { ...assocChange, state: constants.SCTP_CANT_STR_ASSOC },
    '# could not be started: refused, or no answer',
  ],
  [{ ...assocChange, state: 99 }, '# has changed to an unknown state'],
  [
    { type: 'peerAddrChange', address, state: constants.SCTP_ADDR_AVAILABLE, error: 2 },
    "the peer's address 10.0.0.2 of # can be reached again: a heartbeat was answered",
  ],
  [
    { type: 'peerAddrChange', address, state: constants.SCTP_ADDR_UNREACHABLE, error: 0 },
    "the peer's address 10.0.0.2 of # cannot be reached: no answer",
  ],
  [
    { type: 'peerAddrChange', state: constants.SCTP_ADDR_MADE_PRIM, error: 0 },
    'an unknown peer address of # is the primary one now',
  ],
  [
    { ...failed, ...whole, sent: true, error: 0 },
    'a message of 4 bytes on # was sent but not acknowledged: stream 1, ppid 46, context 7',
  ],
  [
    { ...failed, firstFragment: false, lastFragment: true, sent: false, error: 1 },
    'the last fragment of a message of 4 bytes on # was never sent (invalid stream identifier, ' +
      'error cause 1): stream 1, ppid 46, context 7',
  ],
  [
    { type: 'remoteError', error: 6, data: Buffer.from('ff000004', 'hex') },
    'the peer of # reports unrecognized chunk type, error cause 6 (4 bytes: ff000004)',
  ],
  [{ type: 'shutdown' }, 'the peer has shut # down'],
  [
    { type: 'partialDelivery', indication: 0, sid: 3, sequence: 0, unordered: false },
    'the rest of a message on #, stream 3, will not come',
  ],
  [{ type: 'adaptation', indication: 77 }, 'the peer of # has the adaptation layer 77'],
  [
    { type: 'authentication', indication: constants.SCTP_AUTH_NO_AUTH, keyNumber: 0 },
    'the peer of # does not authenticate chunks',
  ],
  [
    { type: 'authentication', indication: constants.SCTP_AUTH_FREE_KEY, keyNumber: 2 },
    'key 2 of # is no longer used',
  ],
  [{ type: 'senderDry' }, 'the peer of # has acknowledged everything'],
  [
    { type: 'streamReset', incoming: true, outgoing: false, streams: [1, 2], ...reset },
    'the incoming streams 1, 2 of # were reset',
  ],
  [
    { type: 'streamReset', incoming: true, outgoing: true, streams: [], ...reset, denied: true },
    'all incoming and outgoing streams of # were not reset: the peer has denied it',
  ],
  [
    { type: 'streamReset', incoming: false, outgoing: true, streams: range(40), ...reset },
    `the outgoing streams ${range(32).join(', ')} and 8 more of # were reset`,
  ],
  [
    { type: 'assocReset', localTsn: 1, remoteTsn: 2, ...reset },
    '# was reset: local TSN 1, remote TSN 2',
  ],
  [
    { type: 'streamChange', outboundStreams: 2, inboundStreams: 0, ...reset, failed: true },
    '2 outbound and 0 inbound streams of # were not added: it failed',
  ],
  [{ type: 'unknown', number: 0x8042 }, 'a notification of unknown type 0x8042, of 0 bytes'],
];

describe('interpreted', () => {
  test.each(sentences)('%j', (native, sentence) => {
    expect(view(native).interpreted).toBe(sentence.replace('#', 'association 5'));
  });

  test('has a sentence for every type', () => {
    const tested = new Set(sentences.map(([native]) => (native as Notification).type));
    expect([...tested].sort()).toEqual([...notificationTypes, 'unknown'].sort());
  });
});

describe('causes', () => {
  const causesOf = (...causes: object[]): unknown => {
    const state = constants.SCTP_COMM_LOST;
    return (view({ ...assocChange, state, causes }) as { causes?: unknown }).causes;
  };

  test.each([
    [12, 'enough', 'user-initiated abort', 'enough'],
    [12, 'genug für heute\0\0', 'user-initiated abort', 'genug für heute'],
    [13, '', 'protocol violation', ''],
    [13, '\x01\x02', 'protocol violation', ''],
    [12, 'x'.repeat(201), 'user-initiated abort', ''],
    [999, 'why', 'unknown', 'why'],
  ])('%i %j: %s, %j', (code, info, name, text) => {
    expect(causesOf(cause(code, info))).toEqual([{ code, name, text, info: Buffer.from(info) }]);
  });
});

/** A peer chooses these bytes. Anything worse than linear would not end with so many. */
describe('what is linear in its size', () => {
  const SIZE = 4 * 1024 * 1024;
  const padded = Buffer.concat([Buffer.alloc(SIZE), Buffer.from('x')]);
  const large: Record<string, object> = {
    'zeros and one other': padded,
    text: Buffer.alloc(SIZE, 'a'),
    'text and zeros': Buffer.concat([Buffer.from('a'), Buffer.alloc(SIZE)]),
    'no text': Buffer.alloc(SIZE, 1),
  };

  test.each(Object.entries(large))('causes and errors: %s', (_, info) => {
    const state = constants.SCTP_COMM_LOST;
    const causes = Array.from({ length: 64 }, () => ({ code: 12, info }));
    const lost = view({ ...assocChange, state, causes });
    const error = view({ type: 'remoteError', error: 6, data: info });
    for (const { interpreted } of [lost, error]) expect(interpreted.length).toBeLessThan(400);
    expect(inspect(lost)).toContain('causes');
  });

  test('streams', () => {
    const streams = range(SIZE);
    const event = view({ type: 'streamReset', incoming: true, outgoing: true, streams, ...reset });
    expect(event.interpreted.length).toBeLessThan(400);
  });

  test.each(notificationTypes)('the struct: %s', (type) => {
    const { number, struct: name } = notificationTable[type];
    const raw = struct(number, padded);
    const parsed = view({ type, raw, causes: [] }).parsed as unknown as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['sn_type', name]);
  });
});

describe('parsed', () => {
  const id = u32(5);
  const structs: Record<string, [raw: Buffer, fields: object]> = {
    assocChange: [
      struct(0x8001, u16(1), Buffer.from([0, 12]), u16(10), u16(3), id, Buffer.from('rest')),
      {
        ...{ sac_type: 0x8001, sac_flags: 0, sac_length: 24, sac_state: 1, sac_error: 12 },
        ...{ sac_outbound_streams: 10, sac_inbound_streams: 3, sac_assoc_id: 5 },
        sac_info: Buffer.from('rest'),
      },
    ],
    peerAddrChange: [
      struct(
        0x8002,
        ...[u16(2), Buffer.from([19, 136, 10, 0, 0, 2]), Buffer.alloc(120)],
        ...[u32(1), u32(2), id],
      ),
      { spc_state: 1, spc_error: 2, spc_assoc_id: 5, spc_aaddr: address },
    ],
    sendFailed: [
      struct(
        0x800d,
        ...[Buffer.from([0, 1, 0, 0]), u16(7), u16(3), Buffer.from([0, 0, 0, 46])],
        ...[u32(9), id, id, Buffer.from('data')],
      ),
      {
        ...{ ssf_type: 0x800d, ssf_flags: 0, ssf_length: 36, ssf_error: 1, ssf_assoc_id: 5 },
        ssfe_info: { snd_sid: 7, snd_flags: 3, snd_ppid: 46, snd_context: 9, snd_assoc_id: 5 },
        ssf_data: Buffer.from('data'),
      },
    ],
    remoteError: [
      struct(0x8004, Buffer.from([0, 6, 0, 0]), id, Buffer.from('x')),
      { sre_error: 6, sre_assoc_id: 5, sre_data: Buffer.from('x') },
    ],
    shutdown: [struct(0x8005, id), { sse_assoc_id: 5, sse_length: 12 }],
    partialDelivery: [
      struct(0x8006, u32(0), id, u32(2), u32(3)),
      { pdapi_indication: 0, pdapi_assoc_id: 5, pdapi_stream: 2, pdapi_seq: 3 },
    ],
    adaptation: [struct(0x8007, u32(77), id), { sai_adaptation_ind: 77, sai_assoc_id: 5 }],
    authentication: [
      struct(0x8008, u16(1), u16(2), u32(1), id),
      { auth_keynumber: 1, auth_altkeynumber: 2, auth_indication: 1, auth_assoc_id: 5 },
    ],
    senderDry: [struct(0x8009, id), { sender_dry_type: 0x8009, sender_dry_assoc_id: 5 }],
    streamReset: [
      struct(0x800a, id, u16(1), u16(65535)),
      { strreset_assoc_id: 5, strreset_stream_list: [1, 65535] },
    ],
    assocReset: [
      struct(0x800b, id, u32(7), u32(8)),
      { assocreset_assoc_id: 5, assocreset_local_tsn: 7, assocreset_remote_tsn: 8 },
    ],
    streamChange: [
      struct(0x800c, id, u16(2), u16(3)),
      { strchange_assoc_id: 5, strchange_instrms: 2, strchange_outstrms: 3 },
    ],
  };

  test.each(notificationTypes)('%s: the struct of its row, with the names of the RFC', (type) => {
    const { number, struct: name } = notificationTable[type];
    const [raw, fields] = structs[type] as [Buffer, object];
    const parsed = view({ type, raw, causes: [] }).parsed as unknown as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['sn_type', name]);
    expect(parsed['sn_type']).toBe(number);
    expect(parsed[name]).toMatchObject(fields);
  });

  test('the older form of sendFailed', () => {
    const raw = struct(0x8003, Buffer.alloc(4), Buffer.alloc(32), u32(5), Buffer.from('data'));
    expect(view({ type: 'sendFailed', raw }).parsed).toMatchObject({
      sn_type: 0x8003,
      sn_send_failed: {
        ssf_assoc_id: 5,
        ssf_data: Buffer.from('data'),
        ssf_info: { sinfo_ppid: 0 },
      },
    });
  });

  test('of unknown types, and of truncated notifications, only the header is parsed', () => {
    const header = { sn_type: 0x8042, sn_flags: 0, sn_length: 9 };
    const raw = struct(0x8042, Buffer.from('?'));
    expect(view({ type: 'unknown', raw }).parsed).toEqual({ sn_type: 0x8042, sn_header: header });
    expect(view({ type: 'unknown', raw: raw.subarray(0, 1) }).parsed).toEqual({});
    const cut = struct(0x8005, Buffer.alloc(3));
    expect(view({ type: 'unknown', raw: cut }).parsed).toMatchObject({ sn_type: 0x8005 });
  });

  test('random bytes never throw', () => {
    const random = (below: number): number => Math.floor(Math.random() * below);
    for (let i = 0; i < 3000; i++) {
      const raw = Buffer.from(Array.from({ length: random(200) }, () => random(256)));
      if (raw.length >= 2) raw.writeUInt16LE(0x8000 + random(16));
      const parsed = binding.parseNotification(raw);
      expect(inspect(parsed)).not.toBe('');
    }
    for (const value of [undefined, null, 1, 'text', {}, []]) {
      expect(binding.parseNotification(value as Buffer)).toEqual({});
    }
  });
});

describe('a notification', () => {
  const native = {
    ...{ type: 'adaptation', number: 0x8007, flags: 0, assocId: 5, indication: 77 },
    raw: struct(0x8007, u32(77), u32(5)),
  } as NativeNotification;

  test('makes its further views when they are read, and once', () => {
    const notification = toNotification(native);
    expect(Object.getOwnPropertyDescriptor(notification, 'parsed')).toHaveProperty('get');
    expect(notification.parsed).toBe(notification.parsed);
    expect(notification.interpreted).toBe('the peer of association 5 has the adaptation layer 77');
    expect(Object.getOwnPropertyDescriptor(notification, 'parsed')).not.toHaveProperty('get');
    expect(native).not.toHaveProperty('parsed');
  });

  test('is whole in JSON, as a structured clone and spread', () => {
    const all = {
      ...{ type: 'adaptation', indication: 77, interpreted: expect.any(String) as string },
      parsed: { sn_type: 0x8007, sn_adaptation_event: { sai_adaptation_ind: 77 } },
    };
    expect(JSON.parse(JSON.stringify(toNotification(native)))).toMatchObject(all);
    expect(structuredClone(toNotification(native))).toMatchObject(all);
    expect({ ...toNotification(native) }).toMatchObject(all);
  });

  test('is shown by inspect without its bytes', () => {
    const text = inspect(toNotification(native), { breakLength: Infinity });
    expect(text).toBe(
      "Notification { type: 'adaptation', number: 32775, flags: 0, assocId: 5, indication: 77, " +
        "interpreted: 'the peer of association 5 has the adaptation layer 77' }",
    );
  });

  test('of an unknown type passes through', () => {
    const raw = struct(0x8042, Buffer.from('?'));
    const notification = view({ type: 'unknown', number: 0x8042, raw });
    expect(notification).toMatchObject({ type: 'unknown', number: 0x8042, raw });
    expect(isChosen(checkNotifications('n', ['shutdown']), notification.type)).toBe(true);
  });
});

describe('the table of notifications', () => {
  test('has the types that every socket is subscribed to from the start', () => {
    const always = notificationTypes.filter(
      (type) => notificationTable[type].subscribed === 'always',
    );
    const numbers = always.map((type) => notificationTable[type].number);
    expect(numbers.sort()).toEqual([...binding.essentialNotifications].sort());
  });

  test('decides what is asked for', () => {
    const byDefault = checkNotifications('notifications', undefined);
    const { senderDry, peerAddrChange } = notificationTable;
    expect(byDefault).toEqual(new Set(notificationTypes.filter((type) => type !== 'senderDry')));
    expect(checkNotifications('notifications', null)).toEqual(byDefault);
    expect(checkNotifications('notifications', 'all')).toEqual(new Set(notificationTypes));
    const few = checkNotifications('notifications', ['senderDry', 'shutdown', 'peerAddrChange']);
    expect(numbersOf(few)).toEqual([senderDry.number, peerAddrChange.number]);
    expect(earlyNumbers(few)).toContain(senderDry.number);
    expect(earlyNumbers(byDefault)).not.toContain(senderDry.number);
  });

  test.each([
    ['none', { code: 'ERR_INVALID_ARG_TYPE' }],
    [7, { code: 'ERR_INVALID_ARG_TYPE' }],
    [['shutdown', 'senderdry'], { code: 'ERR_INVALID_ARG_VALUE' }],
    [[undefined], { code: 'ERR_INVALID_ARG_VALUE' }],
  ])('refuses the choice %j', (value, error) => {
    expect(() => checkNotifications('options.notifications', value)).toThrow(
      expect.objectContaining(error) as Error,
    );
  });
});

describe('docs/notifications.md', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'notifications.md'), 'utf8');
  // Prettier pads the columns.
  const lines = page.split('\n').map((line) => line.replace(/\s+/g, ' '));

  test.each(notificationTypes)('has the row of %s', (type) => {
    const { number, struct: name, when, source } = notificationTable[type];
    const cells = [`\`${type}\``, `0x${number.toString(16)}`, `\`${name}\``, when, source];
    expect(lines).toContain(`| ${cells.join(' | ')} |`);
  });

  test('says which types are always reported, and which must be asked for', () => {
    for (const type of notificationTypes) {
      const { subscribed } = notificationTable[type];
      const always = /^- (.*) always, because/m.exec(page)?.[1] ?? '';
      expect(always.includes(`\`${type}\``)).toBe(subscribed === 'always');
      const asked = /^- all others but (.*) while/m.exec(page)?.[1] ?? '';
      expect(asked.includes(`\`${type}\``)).toBe(subscribed === 'asked');
    }
  });
});

describe('notifications of nothing but numbers', () => {
  const { SCTP_ASSOC_CHANGE, SCTP_COMM_UP, SCTP_SENDER_DRY_EVENT, SCTP_SHUTDOWN_EVENT } = constants;

  test.each<[number: number, rest: [number, number, number, number], NativeOptionValues]>([
    [
      SCTP_ASSOC_CHANGE,
      [SCTP_COMM_UP, 12, 64, 10],
      { sac_state: SCTP_COMM_UP, sac_error: 12, sac_outbound_streams: 64, sac_assoc_id: 9 },
    ],
    [SCTP_SHUTDOWN_EVENT, [0, 0, 0, 0], { sse_assoc_id: 9, sse_length: 12 }],
    [SCTP_SENDER_DRY_EVENT, [0, 0, 0, 0], { sender_dry_assoc_id: 9, sender_dry_length: 12 }],
  ])('%#: raw is made when somebody wants to see it', (number, numbers, fields) => {
    const event = eventOf(number, 0, 9, ...numbers);
    expect(event).not.toHaveProperty('raw');
    const { raw, parsed } = toNotification(event);
    expect(raw.length).toBeGreaterThanOrEqual(12);
    expect(Object.values(parsed)).toContainEqual(expect.objectContaining(fields));
    expect(binding.makeNotification(number, 0, fields).raw?.length).toBe(raw.length);
  });
});
