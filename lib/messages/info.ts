/** Checks of the `info` of a message. */
import type { EndpointSendInfo, SendInfo, SocketSendInfo } from '../../types/messages';
import type { PrInfo } from '../../types/options';
import { invalidArgValue } from '../errors';
import { checkOption } from '../options/sctp-options';
import { checkPpid } from '../protocols/ppid';
import {
  checkProperties,
  checkBoolean,
  checkInteger,
  checkIp,
  checkObject,
  copyOf,
  UINT16,
  UINT32,
} from '../validate';

/** Checked, and the identifier as a number. */
export interface CheckedInfo extends Omit<SendInfo, 'ppid'> {
  ppid?: number;
}

export interface CheckedSocketInfo extends CheckedInfo, Pick<SocketSendInfo, 'address'> {}

export interface CheckedEndpointInfo
  extends CheckedSocketInfo, Pick<EndpointSendInfo, 'eof' | 'abort'> {}

const SEND_INFO_NAMES = [
  'sid',
  'ppid',
  'unordered',
  'context',
  'pr',
  'sackImmediately',
  'authKeyNumber',
] as const satisfies readonly (keyof SendInfo)[];
const SOCKET_SEND_INFO_NAMES = [...SEND_INFO_NAMES, 'address'] as const;
const ENDING_NAMES = ['eof', 'abort'] as const;
const ENDPOINT_SEND_INFO_NAMES = [...SOCKET_SEND_INFO_NAMES, ...ENDING_NAMES] as const;
const SEND_ALL_INFO_NAMES = [...SEND_INFO_NAMES, ...ENDING_NAMES] as const;

const PR_NAMES = ['policy', 'value'] as const satisfies readonly (keyof PrInfo)[];

export function checkPr(name: string, value: unknown): Required<PrInfo> {
  const pr = copyOf(checkObject(name, value), PR_NAMES);
  if (pr['policy'] === undefined) throw invalidArgValue(name, value, 'must have a policy');
  checkOption(name, 'defaultPrInfo', pr);
  return { value: 0, ...pr } as Required<PrInfo>;
}

/** All that an info says, its values yet unchecked. */
export function copyOfInfo(value: unknown): object {
  return copyOf(checkObject('info', value), SOCKET_SEND_INFO_NAMES);
}

export function checkSendInfo(value: unknown): CheckedInfo {
  return checkInfo(value, SEND_INFO_NAMES);
}

export function checkSocketSendInfo(value: unknown): CheckedSocketInfo {
  return checkAddressed(checkInfo(value, SOCKET_SEND_INFO_NAMES));
}

export function checkEndpointSendInfo(value: unknown): CheckedEndpointInfo {
  return checkEnding(checkAddressed(checkInfo(value, ENDPOINT_SEND_INFO_NAMES)));
}

/** For a message to many: an address would be of one of them. */
export function checkSendAllInfo(value: unknown): CheckedEndpointInfo {
  return checkEnding(checkInfo(value, SEND_ALL_INFO_NAMES));
}

function checkAddressed(info: CheckedSocketInfo): CheckedSocketInfo {
  if (info.address !== undefined) checkIp('info.address', info.address);
  return info;
}

function checkEnding(info: CheckedEndpointInfo): CheckedEndpointInfo {
  const { eof, abort } = info;
  if (eof !== undefined) checkBoolean('info.eof', eof);
  if (abort !== undefined) checkBoolean('info.abort', abort);
  if (eof === true && abort === true) {
    throw invalidArgValue(
      'info.abort',
      abort,
      'must not go with info.eof: an ABORT is no orderly end',
    );
  }
  // What is false says nothing: whoever takes the message over need not know it.
  if (eof === false) delete info.eof;
  if (abort === false) delete info.abort;
  return info;
}

function checkInfo(value: unknown, names: readonly string[]): CheckedInfo {
  const info: Partial<Record<keyof SendInfo, unknown>> = checkProperties('info', value, names);
  const { sid, ppid, context, unordered, sackImmediately, authKeyNumber, pr } = info;
  if (sid !== undefined) checkInteger('info.sid', sid, 0, UINT16);
  if (ppid !== undefined) info.ppid = checkPpid('info.ppid', ppid);
  if (context !== undefined) checkInteger('info.context', context, 0, UINT32);
  if (authKeyNumber !== undefined) checkInteger('info.authKeyNumber', authKeyNumber, 0, UINT16);
  if (unordered !== undefined) checkBoolean('info.unordered', unordered);
  if (sackImmediately !== undefined) checkBoolean('info.sackImmediately', sackImmediately);
  return (pr === undefined ? info : { ...info, pr: checkPr('info.pr', pr) }) as CheckedInfo;
}
