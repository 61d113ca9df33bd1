/** What waits for a peer of a handle, in memory of our own, on its way into bursts. */
import { burst, SaidByDefault } from '#lib/burst';
import { WaitingBytes } from '#lib/datagram/waiting-bytes';
import type { EndpointLink } from '#lib/endpoint/endpoint-link';

import type { NativeSendInfo } from '../../types/native';

const OVERHEAD = 256;
const PLAIN = [0, 0, 0, 0, 0, 0, undefined, 0] as unknown as NativeSendInfo;
const OTHER = [1, 7, 0, 0, 0, 0, undefined, 0] as unknown as NativeSendInfo;

/** Has room for so many messages at a time, and keeps how each is to be sent. */
function linkFor(room: number) {
  const infos: NativeSendInfo[] = [];
  const link = {
    placeInBurst: (length: number, info: NativeSendInfo, byDefault: SaidByDefault) => {
      if (burst.count >= room || !burst.place(length, info, 1, byDefault)) return false;
      infos.push(info);
      return true;
    },
  } as unknown as EndpointLink;
  return { link, infos };
}

/** What the next burst has. */
function burstOf(waiting: WaitingBytes, room = Infinity) {
  const { link, infos } = linkFor(room);
  burst.clear();
  waiting.addTo(link);
  const texts: string[] = [];
  let offset = 0;
  const bytes = burst.bytes(burst.bytesOf(burst.count)).toString();
  for (const length of burst.lengths()) texts.push(bytes.slice(offset, (offset += length)));
  return { texts, infos };
}

function filled(texts: readonly string[], info = PLAIN): WaitingBytes {
  const waiting = new WaitingBytes();
  for (const text of texts) {
    waiting.add(Buffer.from(text), text.length, info, SaidByDefault.Nothing);
  }
  return waiting;
}

test('in order, as many as there is room for, until they are dropped', () => {
  const texts = Array.from({ length: 100 }, (_, i) => `${String(i)} `.repeat(1 + (i % 7)));
  const waiting = filled(texts);
  const arrived: string[] = [];
  for (const accepted of [1, 0, 29, 30, 3, 37]) {
    const { texts: next } = burstOf(waiting, 40);
    expect(next).toEqual(texts.slice(arrived.length, arrived.length + 40));
    waiting.drop(accepted);
    arrived.push(...next.slice(0, accepted));
  }
  expect(arrived).toEqual(texts);
  expect([waiting.length, waiting.bytes, waiting.at(0), waiting.shift()]).toEqual([
    0,
    0,
    undefined,
    undefined,
  ]);
});

test('copies; each counts its length and what keeping it costs', () => {
  const data = Buffer.from('abc');
  const waiting = filled([]);
  waiting.add(data, 3, PLAIN, SaidByDefault.Nothing);
  waiting.push({ data, info: OTHER, byDefault: SaidByDefault.Nothing });
  data.fill('x');
  expect([waiting.length, waiting.bytes]).toEqual([2, 2 * (3 + OVERHEAD)]);
  expect(burstOf(waiting)).toEqual({ texts: ['abc', 'abc'], infos: [PLAIN, OTHER] });
  waiting.drop(1);
  expect([waiting.length, waiting.bytes]).toEqual([1, 3 + OVERHEAD]);
  expect(burstOf(waiting)).toEqual({ texts: ['abc'], infos: [OTHER] });
});

test('one that is too long for bursts goes alone, and those after it wait for it', () => {
  const long = 'l'.repeat(10_000);
  const waiting = filled(['a', 'b', long, 'c', 'd']);
  expect(burstOf(waiting).texts).toEqual(['a', 'b']);
  waiting.drop(2);
  expect(burstOf(waiting).texts).toEqual([]);
  expect(waiting.at(0)?.data.toString()).toBe(long);
  waiting.drop(1);
  expect(burstOf(waiting).texts).toEqual(['c', 'd']);
});

test('what is taken one by one keeps its bytes, whatever comes later', () => {
  const waiting = filled(['a', 'bc', 'def']);
  const taken = [waiting.shift(), waiting.shift()];
  waiting.drop(1);
  for (let i = 0; i < 1000; i++) waiting.add(Buffer.from('later'), 5, PLAIN, SaidByDefault.Nothing);
  expect(taken.map((message) => String(message?.data))).toEqual(['a', 'bc']);
  expect(waiting.length).toBe(1000);
});
