/** Priorities of channels (RFC 8831 §6.4, RFC 8832 §5.1). */
import type { ChannelPriority } from '../../types/data-channels';
import { invalidArgValue } from '../errors';
import { checkInteger, UINT16 } from '../validate';

const NAMED = { 'very-low': 128, low: 256, medium: 512, high: 1024 } as const satisfies Record<
  Exclude<ChannelPriority, number>,
  number
>;

export const DEFAULT_PRIORITY = NAMED.low;

export function checkPriority(name: string, value: unknown): number {
  if (typeof value !== 'string') return checkInteger(name, value, 0, UINT16);
  if (Object.hasOwn(NAMED, value)) return NAMED[value as keyof typeof NAMED];
  const names = Object.keys(NAMED).map((known) => `'${known}'`);
  throw invalidArgValue(name, value, `must be one of ${names.join(', ')}, or a number`);
}
