/** Ids that the kernel gives again, before the end of the association that had them was read. */
import type { BoundSocket } from '#lib/endpoint/bind-shared';
import type { EndpointLink } from '#lib/endpoint/endpoint-link';
import type { EndpointLinkListener } from '#lib/endpoint/link-listener';
import { SharedDescriptor } from '#lib/endpoint/shared-descriptor';

import type { ReceivedInfo } from '../../types/messages';
import type { NativeNotification } from '../../types/native-values';

const ID = 5;
const COMM_UP = 0;
const COMM_LOST = 1;
const SHUTDOWN_COMP = 3;
const EPIPE = -32;
const PEER = { address: '127.0.0.1', family: 'IPv4', port: 9 } as const;

/** A kernel that gives every association the same id. */
function create() {
  const native = {
    abort: () => 0,
    connect: () => ID,
    getOption: () => ({ value: 100_000 }),
    watch: () => undefined,
  };
  const receiveBuffer = {
    widen: () => undefined,
    narrow: () => undefined,
    whileNarrow: (begin: () => unknown) => begin(),
  };
  const inbound: string[][] = [];
  const shared = new SharedDescriptor({ socket: native, receiveBuffer } as unknown as BoundSocket, {
    sctp: {},
    copies: false,
    onInbound: (link) => inbound.push(heardOf(link)),
    onError: () => undefined,
  });
  const message = (text: string): void => {
    shared.onMessage(Buffer.from(text), PEER, { assocId: ID } as ReceivedInfo);
  };
  const change = (state: number): void => {
    const notification = { type: 'assocChange', assocId: ID, state, causes: [] };
    shared.onNotification(notification as unknown as NativeNotification, PEER);
  };
  return { shared, inbound, message, change };
}

/** What comes in for an association. */
function heardOf(link: EndpointLink): string[] {
  const heard: string[] = [];
  link.attach({
    onMessage: (data: Buffer) => heard.push(String(data)),
    onNotification: ({ type, ...rest }: NativeNotification) =>
      heard.push(`${type} ${String((rest as { state?: number }).state)}`),
    onReadError: (errno: number) => heard.push(`error ${String(errno)}`),
  } as unknown as EndpointLinkListener);
  return heard;
}

describe('what comes for an id that was given again', () => {
  test.each([COMM_LOST, SHUTDOWN_COMP])(
    'is of the one we have aborted until its end (%i) was read, then of the next',
    (end) => {
      const { shared, inbound, message, change } = create();
      const link = shared.connect(['127.0.0.1'], 9) as EndpointLink;
      const before = heardOf(link);
      shared.abort(link);
      change(COMM_UP);
      message('for the old one');
      change(end);
      expect(inbound).toEqual([]);
      change(COMM_UP);
      message('for the new one');
      expect(inbound).toEqual([[`assocChange ${String(COMM_UP)}`, 'for the new one']]);
      expect(before).toEqual([]);
    },
  );

  test('is of one that has ended unnoticed, which learns of it, until its end was read', () => {
    const { shared, inbound, message, change } = create();
    const before = heardOf(shared.connect(['127.0.0.1'], 9) as EndpointLink);
    change(COMM_UP);
    message('first');
    const after = heardOf(shared.connect(['127.0.0.1'], 9) as EndpointLink);
    message('late');
    change(COMM_LOST);
    change(COMM_UP);
    message('second');
    const up = `assocChange ${String(COMM_UP)}`;
    expect(before).toEqual([up, 'first', `error ${String(EPIPE)}`]);
    expect(after).toEqual([up, 'second']);
    expect(inbound).toEqual([]);
  });

  test('ends are counted: each is of one association', () => {
    const { shared, inbound, message, change } = create();
    for (let i = 0; i < 3; i++) shared.abort(shared.connect(['127.0.0.1'], 9) as EndpointLink);
    for (let i = 0; i < 3; i++) {
      message('for one of those');
      change(COMM_LOST);
    }
    change(COMM_UP);
    message('for the new one');
    expect(inbound).toEqual([[`assocChange ${String(COMM_UP)}`, 'for the new one']]);
  });
});

describe('a descriptor that has to wait for another one', () => {
  const EMFILE = -24;
  const EINVAL = -22;

  /** As many associations as are asked for, and no descriptor for any. */
  function createFull() {
    const gone = new Set<number>();
    let last = 0;
    let reading = true;
    let receives = 0;
    const native = {
      connect: () => ++last,
      peelOff: () => EMFILE,
      close: () => undefined,
      getOption: (name: string, { assocId }: { assocId: number }) => {
        if (name !== 'status') return { value: 100_000 };
        return gone.has(assocId) ? EINVAL : { state: 4 };
      },
      watch: (on: boolean) => {
        reading = on;
      },
      receive: () => {
        receives++;
        return 1; // there is always more
      },
    };
    const receiveBuffer = { whileNarrow: (begin: () => unknown) => begin() };
    const shared = new SharedDescriptor(
      { socket: native, receiveBuffer } as unknown as BoundSocket,
      { sctp: {}, copies: false, onInbound: () => undefined, onError: () => undefined },
    );
    shared.start();
    const connect = (): EndpointLink => shared.connect(['127.0.0.1'], 9) as EndpointLink;
    return { shared, gone, connect, isReading: () => reading, receives: () => receives };
  }

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('reads nothing meanwhile, but goes on once what should leave is over', () => {
    const { shared, gone, connect, isReading } = createFull();
    const link = connect();
    link.watch(false, false);
    jest.advanceTimersByTime(1000);
    expect(isReading()).toBe(false);
    gone.add(link.assocId);
    jest.advanceTimersByTime(1000);
    expect(isReading()).toBe(true);
    shared.close();
  });

  test('does not begin to wait for one that is over', () => {
    const { shared, gone, connect, isReading } = createFull();
    const [over, alive] = [connect(), connect()];
    gone.add(over.assocId);
    over.watch(false, false);
    jest.advanceTimersByTime(1);
    expect(isReading()).toBe(true);
    alive.watch(false, false);
    jest.advanceTimersByTime(1);
    expect(isReading()).toBe(false);
    shared.close();
  });

  test('looking after the send buffer reads a few batches only', () => {
    const { shared, receives } = createFull();
    shared.sendBuffer.onFull();
    jest.advanceTimersByTime(100);
    expect(receives()).toBeGreaterThan(0);
    expect(receives()).toBeLessThanOrEqual(8);
    shared.catchUp();
    expect(receives()).toBeGreaterThan(200);
    shared.close();
  });
});
