/** Collects a socket's notifications, for tests to wait for. */
import { once } from 'node:events';

import type { Notification, Socket } from 'kernel-sctp';

type Type = Notification['type'];
type OfType<Wanted extends Type> = Extract<Notification, { type: Wanted }>;

export class Notified {
  readonly all: Notification[] = [];
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('notification', (notification) => this.all.push(notification));
  }

  get types(): Type[] {
    return this.all.map(({ type }) => type);
  }

  /** Resolves with the one of this type, and in this state if one is named, after so many such. */
  async next<Wanted extends Type>(
    type: Wanted,
    state?: string,
    after = 0,
  ): Promise<OfType<Wanted>> {
    const matches = (reported: Notification): boolean =>
      reported.type === type &&
      (state === undefined || ('state' in reported && reported.state === state));
    for (;;) {
      const found = this.all.filter(matches)[after];
      if (found) return found as OfType<Wanted>;
      await once(this.#socket, 'notification');
    }
  }
}
