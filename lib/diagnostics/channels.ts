/** The channels of `node:diagnostics_channel` on which this package publishes: docs/observability.md. */
import { type Channel, channel } from 'node:diagnostics_channel';

import type { DiagnosticsMessages } from '../../types/diagnostics';

const names = {
  clientSocket: 'kernel-sctp.client.socket',
  serverSocket: 'kernel-sctp.server.socket',
  up: 'kernel-sctp:association:up',
  lost: 'kernel-sctp:association:lost',
  restart: 'kernel-sctp:association:restart',
  shutdown: 'kernel-sctp:association:shutdown',
  pathChange: 'kernel-sctp:path:change',
  sendFailed: 'kernel-sctp:send:failed',
  stall: 'kernel-sctp:stall',
} as const satisfies Record<string, keyof DiagnosticsMessages>;

type Name = keyof typeof names;

/** Node would forget a channel that nobody keeps. */
const channels = Object.fromEntries(
  Object.entries(names).map(([name, full]) => [name, channel(full)]),
) as Record<Name, Channel>;

/** Whether somebody subscribes: what is to be published is built only then. */
export function isSubscribed(name: Name): boolean {
  return channels[name].hasSubscribers;
}

/** What a subscriber throws is an uncaught exception, and does not come back here. */
export function publish<Which extends Name>(
  name: Which,
  message: DiagnosticsMessages[(typeof names)[Which]],
): void {
  channels[name].publish(message);
}
