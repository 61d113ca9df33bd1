/** What the members that every association has ask of a Socket. */
import type { Association } from '../association/association';
import type { MemberHost } from '../association/members';
import { connectingOption, notConnected, reconfigurationOver, socketClosed } from '../errors';
import { rowOf } from '../options/codec';
import type { SocketCore } from './core';

export class SocketMembers implements MemberHost {
  readonly #core: SocketCore;

  constructor(core: SocketCore) {
    this.#core = core;
  }

  get association(): Association | undefined {
    return this.#core.association;
  }

  get openAssociation(): Association {
    const { association, isBegun, socket } = this.#core;
    if (!isBegun && !socket.destroyed) throw notConnected();
    if (!association || association.isClosed) throw socketClosed();
    return association;
  }

  checkSettable(option: string): void {
    // The kernel would set it for future associations, and not for this one.
    const concernsOne = rowOf(option, 'set').reach !== 'none';
    if (concernsOne && this.#core.isConnecting) throw connectingOption(option);
  }

  async accepted(): Promise<void> {
    const core = this.#core;
    if (!core.isBegun) throw core.socket.destroyed ? socketClosed() : notConnected();
    await core.writing.accepted();
    const { association } = core;
    if (association?.endedInOrder) return; // everything was acknowledged
    if (!association || association.isClosed) throw core.batches.failure ?? socketClosed();
  }

  async acceptedBeforeEnd(): Promise<void> {
    const { socket, isBegun, writing } = this.#core;
    if (socket.destroyed) throw socketClosed();
    if (!isBegun) throw notConnected();
    if (socket.writableEnded) throw reconfigurationOver();
    await writing.accepted();
    if (this.association?.isClosed !== false) throw socket.errored ?? socketClosed();
  }
}
