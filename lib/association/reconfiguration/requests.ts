/** What can be asked of an association's streams (RFC 6525), and which answer belongs to it. */
import type { NativeNotification } from '../../../types/native-values';
import type { AddedStreams, StreamLists } from '../../../types/association';
import { constants } from '../../constants';
import { invalidArgType, invalidArgValue } from '../../errors';
import { checkProperties, checkInteger, UINT16 } from '../../validate';
import type { Link } from '../link';

const { SCTP_STREAM_RESET_INCOMING, SCTP_STREAM_RESET_OUTGOING } = constants;

export type Answer = Extract<
  NativeNotification,
  { type: 'streamReset' | 'assocReset' | 'streamChange' }
>;

/** In the order in which both are asked for. */
const DIRECTIONS = ['outgoing', 'incoming'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What is wanted of one direction. */
export interface Wish<Value> {
  readonly direction: Direction;
  readonly value: Value;
}

export interface Request {
  /** "reset streams" */
  readonly what: string;
  /** The switch of the option enableStreamReset that allows it. */
  readonly allowedBy: 'resetStreams' | 'resetAssoc' | 'changeAssoc';
  /** @returns 0 or negative errno */
  begin(link: Link): number;
  isAnswer(answer: Answer): boolean;
}

export function resetRequest({ direction, value: streams }: Wish<number[]>): Request {
  const flag = direction === 'incoming' ? SCTP_STREAM_RESET_INCOMING : SCTP_STREAM_RESET_OUTGOING;
  const list = String([...streams].sort());
  return {
    what: `reset ${direction} streams`,
    allowedBy: 'resetStreams',
    begin: (link) => link.resetStreams(flag, streams),
    isAnswer: (answer) =>
      answer.type === 'streamReset' &&
      answer[direction] &&
      String([...answer.streams].sort()) === list,
  };
}

export function addRequest({ direction, value: count }: Wish<number>): Request {
  const [incoming, outgoing] = direction === 'incoming' ? [count, 0] : [0, count];
  return {
    what: `add ${direction} streams`,
    allowedBy: 'changeAssoc',
    begin: (link) => link.addStreams(incoming, outgoing),
    isAnswer: (answer) =>
      answer.type === 'streamChange' &&
      answer.inboundStreams === incoming &&
      answer.outboundStreams === outgoing,
  };
}

export const associationRequest: Request = {
  what: 'reset the association',
  allowedBy: 'resetAssoc',
  begin: (link) => link.resetAssociation(),
  isAnswer: (answer) => answer.type === 'assocReset',
};

/** The argument of `resetStreams`, checked. */
export function checkStreamLists(streams: StreamLists): Wish<number[]>[] {
  return checkDirections(streams, checkList);
}

/** The argument of `addStreams`, checked. */
export function checkAddedStreams(streams: AddedStreams): Wish<number>[] {
  return checkDirections(streams, (name, value) => checkInteger(name, value, 1, UINT16));
}

function checkDirections<Value>(
  streams: unknown,
  check: (name: string, value: unknown) => Value,
): Wish<Value>[] {
  const given = checkProperties('streams', streams, DIRECTIONS);
  const wanted = DIRECTIONS.filter((direction) => given[direction] !== undefined);
  if (wanted.length === 0) {
    throw invalidArgValue('streams', streams, 'must have outgoing, incoming, or both');
  }
  return wanted.map((direction) => ({
    direction,
    value: check(`streams.${direction}`, given[direction]),
  }));
}

function checkList(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an instance of Array', value);
  const given = value as unknown[];
  const twice = 'has a stream twice';
  if (given.length > UINT16 + 1) throw invalidArgValue(name, value, twice);
  // Unlike map() it sees holes.
  const sids = Array.from(given, (sid, i) => checkInteger(`${name}[${String(i)}]`, sid, 0, UINT16));
  if (new Set(sids).size < sids.length) throw invalidArgValue(name, value, twice);
  return sids;
}
