/** What `send` of an endpoint's association checks, and what its flags EOF and ABORT do. */
import type { WriteCallback } from '../../types/messages';
import type { Association } from '../association/association';
import { associationEnding, writeAfterPeerEnded } from '../errors';
import { toBuffer } from '../messages/bytes';
import { type CheckedEndpointInfo, checkEndpointSendInfo } from '../messages/info';
import { checkBytes } from '../validate';
import { checkReason } from './abort-reason';
import type { OutgoingMessages } from './outgoing';
import type { Outcome } from './outcome';

/** What this needs of the association's core. */
export interface SendsHost {
  readonly association: Association;
  readonly outgoing: OutgoingMessages;
  readonly outcome: Outcome;
  /** Ends it once everything has left. */
  shutdown(): Promise<void>;
  /** Ends it at once. @param reason for the peer */
  abort(reason: Uint8Array): void;
}

export class Sends {
  readonly #core: SendsHost;

  constructor(core: SendsHost) {
    this.#core = core;
  }

  get canSend(): boolean {
    const { association, outcome } = this.#core;
    return association.isUp && !outcome.isSettled && !outcome.isEnding && !association.peerEnded;
  }

  check(): void {
    const { association, outcome } = this.#core;
    const isPeerFirst = association.peerEnded && !outcome.isEnding;
    if (isPeerFirst && !outcome.isSettled) throw writeAfterPeerEnded('send');
    outcome.checkIsUp();
    if (outcome.isEnding) throw associationEnding();
  }

  send(data: unknown, info: unknown, callback: WriteCallback | undefined): boolean {
    const bytes = toBuffer(checkBytes('data', data));
    const checked = info === undefined ? undefined : checkEndpointSendInfo(info);
    if (checked?.abort === true) checkReason('data', bytes);
    this.check();
    if (checked?.address !== undefined) {
      const { addresses } = this.#core.association;
      checked.address = addresses.remoteAs('info.address', checked.address);
    }
    return this.#sendChecked(bytes, checked, callback);
  }

  /** For a message to many, which was checked once. @returns whether it was taken */
  trySend(data: Buffer, info: CheckedEndpointInfo | undefined): boolean {
    try {
      this.check();
      this.#sendChecked(data, info);
      return true;
    } catch {
      return false;
    }
  }

  /** @throws what concerns this association */
  #sendChecked(
    data: Buffer,
    info: CheckedEndpointInfo | undefined,
    callback?: WriteCallback,
  ): boolean {
    const { sending, limits } = this.#core.association;
    if (info?.abort === true) {
      this.#core.abort(data);
      if (callback) process.nextTick(callback);
      return false;
    }
    sending.checkLength(data.length);
    if (info?.sid !== undefined) limits.checkStream(info.sid);
    const goesOn = this.#core.outgoing.send(data, info, callback);
    if (info?.eof === true) this.#core.shutdown().catch(() => undefined); // 'close' reports it
    return goesOn;
  }
}
