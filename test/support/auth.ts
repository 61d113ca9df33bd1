/** Sockets that sign what they send (SCTP-AUTH). */
import type { SctpOptions } from 'kernel-sctp';

import { connectedPair, type Pair, type PairOptions } from './sockets';

export const KEY = Buffer.from('correct horse battery staple');

/** Both sides must sign their messages. */
export function signing(key: Uint8Array, more: SctpOptions = {}): SctpOptions {
  return {
    authSupported: true,
    authChunks: ['data'],
    authKey: { keyNumber: 1, key },
    authActiveKey: 1,
    ...more,
  };
}

export function signingPair(
  { server = KEY, client = KEY }: { server?: Uint8Array; client?: Uint8Array } = {},
  options: PairOptions = {},
): Promise<Pair> {
  return connectedPair({
    server: { ...options.server, sctp: signing(server, options.server?.sctp) },
    client: { ...options.client, sctp: signing(client, options.client?.sctp) },
  });
}
