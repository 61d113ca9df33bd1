/** On which sockets an option can be set, until when, and what else it needs. */
import { optionUnavailable } from '../errors';
import { isObject } from '../validate';
import type { OptionRow, Style } from './row';

/** Whether a value switches something on. */
export function isOn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.values(value).some(isOn) : Boolean(value);
}

/** @param style of a socket that is open to its user */
export function checkStyle(row: OptionRow, name: string, style: Style | undefined): void {
  if (row.style === undefined || style === undefined || row.style.only === style) return;
  throw optionUnavailable(
    name,
    `it exists on ${row.style.only} sockets only; ${row.style.instead}`,
  );
}

/** Refuses what the kernel would accept without effect. */
export function checkTime(
  row: OptionRow,
  name: string,
  value: unknown,
  style: Style | undefined,
): void {
  if (style === undefined) return;
  const how = `give it as sctp.${name} when the socket is made`;
  if (row.until === 'bound') {
    throw optionUnavailable(name, `the socket is bound already; ${how}`, value);
  }
  if (row.until === 'associated' && style === 'one-to-one') {
    const reason = `what the association can do was settled when it began; ${how}`;
    throw optionUnavailable(name, reason, value);
  }
}

export function missingNeed(name: string, value: unknown, option: string, style: Style): Error {
  const where = style === 'one-to-one' ? ', here and at the peer, before they associate' : ' first';
  return optionUnavailable(name, `it needs ${option}: set that${where}`, value);
}
