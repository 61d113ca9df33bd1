/** Checks what `createDataChannel` is given, with the errors that the W3C names. */
import { invalidArgType } from '../errors';
import { checkBoolean, checkObject, isGiven, UINT16 } from '../validate';
import type { OpenMessage } from './dcep';
import { checkPriority, DEFAULT_PRIORITY } from './priority';

/** The largest id: 65535 stands for "none" on the wire. */
export const LARGEST_ID = UINT16 - 1;

export interface CheckedInit extends OpenMessage {
  negotiated: boolean;
  id: number | undefined;
}

function checkText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  // Half of a surrogate pair is no text (USVString).
  const text = Buffer.from(value).toString();
  if (Buffer.byteLength(text) > UINT16) {
    throw new TypeError(`${name} is longer than ${String(UINT16)} bytes`);
  }
  return text;
}

function checkUint16(name: string, value: unknown, max: number): number | null {
  if (!isGiven(value)) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) {
    return value;
  }
  throw new TypeError(`${name} must be an integer from 0 to ${String(max)}`);
}

export function checkChannelInit(label: unknown, init: unknown): CheckedInit {
  const {
    ordered = true,
    maxRetransmits,
    maxPacketLifeTime,
    protocol = '',
    negotiated = false,
    id,
    priority = DEFAULT_PRIORITY,
  } = checkObject('init', init ?? {});
  const checked: CheckedInit = {
    label: checkText('label', label),
    protocol: checkText('protocol', protocol),
    ordered: checkBoolean('init.ordered', ordered),
    maxRetransmits: checkUint16('maxRetransmits', maxRetransmits, UINT16),
    maxPacketLifeTime: checkUint16('maxPacketLifeTime', maxPacketLifeTime, UINT16),
    negotiated: checkBoolean('init.negotiated', negotiated),
    id: checkUint16('id', id, LARGEST_ID) ?? undefined,
    priority: checkPriority('init.priority', priority),
  };
  if (checked.maxRetransmits !== null && checked.maxPacketLifeTime !== null) {
    throw new TypeError('A channel has maxRetransmits or maxPacketLifeTime, not both');
  }
  if (checked.negotiated && checked.id === undefined) {
    throw new TypeError('A negotiated channel needs an id, the same at both ends');
  }
  return checked;
}
