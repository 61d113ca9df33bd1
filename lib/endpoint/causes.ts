/** Error causes of an ABORT as users get them. */
import type { DecodedCause } from '../../types/endpoint';
import type { ErrorCause } from '../../types/notifications';
import { causeName } from '../causes';

/** Causes that carry a text: user-initiated abort, protocol violation. */
const TEXT_CAUSES = new Set([12, 13]);

export function decodeCauses(causes: readonly ErrorCause[]): DecodedCause[] {
  return causes.map((cause) => ({
    ...cause,
    name: causeName(cause.code),
    text: TEXT_CAUSES.has(cause.code) ? textOf(cause.info) : '',
  }));
}

function textOf(info: Buffer): string {
  return info.toString('utf8').replace(/\0+$/, '');
}
