/** The addon's calls for one association of a one-to-many socket. */
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { constants as os } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

import { BatchReader } from '#lib/batch';
import { binding } from '#lib/binding';

import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo, NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { closing, defer } from '../support/cleanup';
import { describeSctp } from '../support/sctp';

const { constants } = binding;
const { EBADF, EBUSY, EINVAL, ENOPROTOOPT, EPIPE } = os.errno;
const LOCALHOST = '127.0.0.1';

type Change = Extract<NativeNotification, { type: 'assocChange' }>;

/** A listening one-to-many socket, and all that it has received. */
class Station {
  readonly socket: NativeSeqpacketSocket = closing(new binding.SeqpacketSocket(65_536));
  readonly messages: { text: string; info: ReceivedInfo }[] = [];
  readonly changes: Change[] = [];
  /** The associations whose sender was reported dry. */
  readonly dry: number[] = [];
  readonly port: number;
  readonly #events = new EventEmitter();

  constructor() {
    const { socket } = this;
    const reader = new BatchReader({
      receiving: true,
      copies: true,
      onMessage: (data, _peer, info) => this.messages.push({ text: data.toString(), info }),
      onNotification: (notification) => {
        if (notification.type === 'assocChange') this.changes.push(notification);
        if (notification.type === 'senderDry') this.dry.push(notification.assocId);
      },
      onTooLarge: () => undefined,
      onIncomplete: () => undefined,
      onError: () => undefined,
    });
    socket.onBatch = (...batch) => {
      reader.read(...batch);
      this.#events.emit('batch');
    };
    const steps = [
      () => socket.open(4),
      () => socket.bind(LOCALHOST, 0),
      () => socket.listen(5),
      () => socket.watch(true, false),
    ];
    for (const step of steps) expect(step()).toBe(0);
    this.port = socket.localAddress()?.port ?? 0;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#events, 'batch');
  }

  /** Resolves with an association's id once it is up. */
  async associate(peer: Station): Promise<number> {
    const id = this.socket.connect([LOCALHOST, peer.port]);
    await this.changed(id, constants.SCTP_COMM_UP);
    return id;
  }

  async changed(assocId: number, state: number): Promise<Change> {
    const find = () =>
      this.changes.find((change) => change.assocId === assocId && change.state === state);
    await this.until(() => find() !== undefined);
    return find() as Change;
  }

  send(text: string, assocId: number, info: Partial<Record<'policy' | 'value', number>> = {}) {
    const { policy = 0, value = 0 } = info;
    const all: NativeSendInfo = [0, 0, 0, 0, policy, value, undefined, assocId];
    return this.socket.send(Buffer.from(text), ...all);
  }
}

describeSctp('one association of a one-to-many socket', () => {
  test('connect() returns its id at once; what is sent by that id arrives', async () => {
    const [ours, first, second] = [new Station(), new Station(), new Station()];
    const ids = [first, second].map(({ port }) => ours.socket.connect([LOCALHOST, port]));
    expect(ids[0]).toBeGreaterThan(2);
    expect(ids[1]).not.toBe(ids[0]);
    for (const id of ids) await ours.changed(id, constants.SCTP_COMM_UP);
    expect((ours.socket.associationIds() as number[]).toSorted()).toEqual(ids.toSorted());
    expect(ours.send('to the second', ids[1] as number)).toBe(13);
    expect(ours.send('to the first', ids[0] as number)).toBe(12);
    await second.until(() => second.messages.length > 0);
    await first.until(() => first.messages.length > 0);
    expect(second.messages.map(({ text }) => text)).toEqual(['to the second']);
    expect(first.messages.map(({ text }) => text)).toEqual(['to the first']);
  });

  test('a connection that fails has the id that was returned', async () => {
    const [ours, gone] = [new Station(), new Station()];
    gone.socket.close();
    const id = ours.socket.connect([LOCALHOST, gone.port]);
    expect(id).toBeGreaterThan(2);
    await ours.changed(id, constants.SCTP_CANT_STR_ASSOC);
  });

  test('its addresses are those of one association', async () => {
    const [ours, first, second] = [new Station(), new Station(), new Station()];
    const ids = [await ours.associate(first), await ours.associate(second)] as const;
    const at = (port: number) => ({ address: LOCALHOST, family: 'IPv4', port });
    for (const [index, { port }] of [first, second].entries()) {
      const id = ids[index] as number;
      expect(ours.socket.peerAddress(id)).toEqual(at(port));
      expect(ours.socket.peerAddresses(id)).toEqual([at(port)]);
      expect(ours.socket.localAddresses(id)).toEqual([at(ours.port)]);
    }
    expect(ours.socket.boundAddresses()).toEqual([at(ours.port)]);
  });

  test('of none there are no addresses, and the lists say so by an errno', async () => {
    const [ours, peer] = [new Station(), new Station()];
    const known = await ours.associate(peer);
    for (const id of [0, 1, 2, known + 100_000, -1]) {
      expect(ours.socket.peerAddress(id)).toBeUndefined();
      expect(ours.socket.peerAddresses(id)).toBe(-EINVAL);
      expect(ours.socket.localAddresses(id)).toBe(-EINVAL);
      expect(ours.send('x', id)).toBe(-EPIPE);
      expect(ours.socket.shutdown(id)).toBe(-EPIPE);
      expect(ours.socket.abort(id)).toBe(-EPIPE);
      expect(ours.socket.resetStreams(id, constants.SCTP_STREAM_RESET_OUTGOING, [])).toBe(-EINVAL);
      expect(ours.socket.resetAssociation(id)).toBe(-EINVAL);
      expect(ours.socket.addStreams(id, 1, 1)).toBe(-EINVAL);
      const dry = [constants.SCTP_SENDER_DRY_EVENT];
      expect(ours.socket.subscribe(dry, true, id)).toBe(-EINVAL);
    }
    ours.socket.close();
    expect(ours.socket.boundAddresses()).toBe(-EBADF);
    expect(ours.socket.associationIds()).toBe(-EBADF);
    expect(ours.socket.peerAddresses(known)).toBe(-EBADF);
  });

  test('shutdown() ends one after what was sent, and no other', async () => {
    const [ours, first, second] = [new Station(), new Station(), new Station()];
    const id = await ours.associate(first);
    const other = await ours.associate(second);
    for (let i = 0; i < 50; i++) expect(ours.send(String(i), id)).toBeGreaterThan(0);
    expect(ours.socket.shutdown(id)).toBe(0);
    await ours.changed(id, constants.SCTP_SHUTDOWN_COMP);
    await first.until(() => first.messages.length === 50);
    expect(first.changes.map(({ state }) => state)).toContain(constants.SCTP_SHUTDOWN_COMP);
    expect(ours.socket.peerAddress(id)).toBeUndefined();
    expect(ours.socket.associationIds()).toEqual([other]);
    expect(ours.send('still here', other)).toBe(10);
    await second.until(() => second.messages.length > 0);
  });

  test('abort() ends one with a reason that the peer gets, and no other', async () => {
    const [ours, first, second] = [new Station(), new Station(), new Station()];
    const id = await ours.associate(first);
    const other = await ours.associate(second);
    expect(ours.socket.abort(id, Buffer.from('out of service'))).toBe(0);
    await first.until(() => first.changes.length > 1);
    const lost = first.changes.at(-1) as Change;
    expect(lost.state).toBe(constants.SCTP_COMM_LOST);
    expect(lost.raw?.toString('latin1')).toContain('out of service');
    expect(ours.socket.associationIds()).toEqual([other]);
    expect(ours.socket.abort(other)).toBe(0);
    await second.until(() => second.changes.length > 1);
    expect(ours.socket.associationIds()).toEqual([]);
  });

  test('subscribe() for one concerns no other', async () => {
    const [ours, first, second] = [new Station(), new Station(), new Station()];
    const ids = [await ours.associate(first), await ours.associate(second)] as const;
    const types = [constants.SCTP_SENDER_DRY_EVENT, constants.SCTP_PEER_ADDR_CHANGE];
    const sendToBoth = async (text: string) => {
      for (const id of ids) expect(ours.send(text, id)).toBe(text.length);
      for (const peer of [first, second]) {
        await peer.until(() => peer.messages.at(-1)?.text === text);
        const [id] = peer.socket.associationIds() as [number];
        peer.send(text, id);
      }
      // Carries the acknowledgement of what was sent.
      await ours.until(() => ours.messages.filter((message) => message.text === text).length === 2);
    };
    // One that is dry already is reported.
    expect(ours.socket.subscribe(Uint16Array.from(types), true, ids[1])).toBe(0);
    await ours.until(() => ours.dry.length > 0);
    await sendToBoth('second subscribed');
    await ours.until(() => ours.dry.length > 1);
    expect(new Set(ours.dry)).toEqual(new Set([ids[1]]));
    expect(ours.socket.subscribe(types, false, ids[1])).toBe(0);
    expect(ours.socket.subscribe(types, true, ids[0])).toBe(0);
    await ours.until(() => ours.dry.includes(ids[0]));
    const before = ours.dry.length;
    await sendToBoth('first subscribed');
    await ours.until(() => ours.dry.length > before);
    expect(new Set(ours.dry.slice(before))).toEqual(new Set([ids[0]]));
    // For all, whatever was said for one.
    expect(ours.socket.subscribe(types, false)).toBe(0);
    const last = ours.dry.length;
    await sendToBoth('nobody subscribed');
    expect(ours.dry).toHaveLength(last);
  });

  test('a peer with 4200 addresses', async () => {
    // Which begins: an answer would have to carry its addresses twice, the second time in a cookie.
    const [ours, peer] = [new Station(), new Station()];
    const more = Array.from({ length: 4199 }, (_, i) => [
      `127.1.${String(i >> 8)}.${String(i & 255)}`,
      peer.port,
    ]).flat();
    expect(peer.socket.bindMore(more)).toBe(0);
    expect(peer.socket.boundAddresses()).toHaveLength(4200);
    const itsId = await peer.associate(ours);
    expect(peer.socket.localAddresses(itsId)).toHaveLength(4200);
    await ours.until(() => ours.changes.length > 0);
    const { assocId } = ours.changes[0] as Change;
    expect(ours.socket.peerAddresses(assocId)).toHaveLength(4200);
    ours.socket.abort(assocId);
  });

  test('what receive() has read is delivered before it returns', async () => {
    const [ours, peer] = [new Station(), new Station()];
    ours.send('x', await ours.associate(peer));
    await peer.until(() => peer.messages.length > 0);
    const [id] = peer.socket.associationIds() as [number];
    peer.send('y', id);
    expect(ours.socket.receive()).toBe(-EBUSY); // a callback is delivering
    await turn();
    ours.socket.watch(false, false);
    while (ours.messages.length === 0) expect(ours.socket.receive()).toBe(0);
    expect(ours.messages.at(-1)?.text).toBe('y');
    ours.socket.close();
    expect(ours.socket.receive()).toBe(-EBADF);
  });

  test('a lifetime by id counts while the association is up, not before', async () => {
    const netem = ['dev', 'lo', 'root', 'netem', 'delay', '20ms'];
    execFileSync('tc', ['qdisc', 'add', ...netem]);
    defer(() => execFileSync('tc', ['qdisc', 'del', ...netem]));
    const [ours, peer] = [new Station(), new Station()];
    const lifetime = { policy: constants.SCTP_PR_SCTP_TTL, value: 60_000 };
    const id = ours.socket.connect([LOCALHOST, peer.port]);
    expect(ours.send('early', id, lifetime)).toBe(5);
    expect(ours.send('for ever', id)).toBe(8);
    await ours.changed(id, constants.SCTP_COMM_UP);
    expect(ours.send('later', id, lifetime)).toBe(5);
    await peer.until(() => peer.messages.some(({ text }) => text === 'later'));
    expect(peer.messages.map(({ text }) => text)).toEqual(['for ever', 'later']);
  });

  test('getNumber() is one field of getOption(), or an errno', () => {
    const { socket } = new Station();
    const values = socket.getOption('rtoInfo', {}) as { initial: number };
    expect(values.initial).toBeGreaterThan(0);
    expect(socket.getNumber('rtoInfo', 'initial')).toBe(values.initial);
    expect(socket.getNumber('none', 'initial')).toBe(-ENOPROTOOPT);
    expect(socket.getNumber('initMsg', 'none')).toBe(-EINVAL);
    socket.close();
    expect(socket.getNumber('rtoInfo', 'initial')).toBe(-EBADF);
  });

  test.each([
    ['subscribe', () => [[1.5], true]],
    ['subscribe', () => [[], true, '3']],
    ['subscribe', () => [[], true, 0]],
    ['subscribe', () => [new Uint8Array(1), true]],
    ['getNumber', () => ['rcvBuf', 'none']],
    ['getNumber', () => ['rcvBuf', 1]],
    ['resetStreams', () => [3, 1, 'all']],
    ['abort', () => [3, 'reason']],
    ['abort', () => ['3']],
    ['shutdown', () => [undefined]],
    ['localAddresses', () => [2 ** 31]],
    ['send', () => [Buffer.from('x'), 0, 0, 0, 0, 0, 0, undefined, LOCALHOST, 5]],
    ['send', () => [Buffer.from('x'), 0, 0, 0, 0, 0, 0, undefined, 0, LOCALHOST]],
    ['send', () => [Buffer.from('x'), 0, 0, 0, 0, 0, 0, undefined, 0, 5, LOCALHOST]],
  ])('%s with arguments that do not fit is EINVAL', (method, args) => {
    const { socket } = new Station();
    const methods = socket as unknown as Record<string, (...args: unknown[]) => unknown>;
    expect(methods[method]?.(...args())).toBe(-EINVAL);
  });
});
