/** 'sendFailed' and 'restart': the loss of messages that were accepted. */
import type { SendFailedError } from '../../types/association';
import type { NativeNotification } from '../../types/native-values';
import { reportRestart, reportSendFailed } from '../diagnostics/associations';
import { peerRestarted, sendFailed } from '../errors';
import type { CheckedSocketInfo } from '../messages/info';
import { isRestart } from '../notifications/names';
import { failedMessageError, FailedMessages, type NativeSendFailed } from './failed-messages';
import { isHeard, type Owner } from './owner';
import type { Part, PartHost } from './part';

/** 'sendFailed' for a message that the kernel has never had. */
export function emitUnsent(
  user: Pick<Owner, 'emit' | 'listenerCount'>,
  data: Buffer,
  info: CheckedSocketInfo = {},
  error: Error,
): void {
  const { sid = 0, ppid = 0, context = 0, unordered = false } = info;
  const message = { data, sid, ppid, context, unordered, sent: false };
  const failure = (): SendFailedError => sendFailed(message, error.message, error);
  reportSendFailed({ user }, failure);
  if (user.listenerCount('sendFailed') > 0) user.emit('sendFailed', failure());
}

export class Losses implements Part {
  readonly #host: Pick<PartHost, 'owner' | 'calls'>;
  readonly #failedMessages = new FailedMessages();
  /** Messages have failed since the last notification of another kind, and nobody listened. */
  hasUnheard = false;

  constructor(host: Pick<PartHost, 'owner' | 'calls'>) {
    this.#host = host;
  }

  onNotification(notification: NativeNotification): void {
    if (notification.type === 'sendFailed') this.#onSendFailed(notification);
    else if (!isRestart(notification)) this.hasUnheard = false;
  }

  #onSendFailed(notification: NativeSendFailed): void {
    const message = this.#failedMessages.add(notification);
    if (message === undefined) return;
    const { owner, calls } = this.#host;
    reportSendFailed(calls, () => failedMessageError(message));
    if (isHeard(owner, 'sendFailed')) {
      owner.emit('sendFailed', failedMessageError(message));
    } else {
      this.hasUnheard = true;
    }
  }
}

/** Comes after 'notification', whose listeners count as informed of the restart. */
export class Restarts implements Part {
  readonly #host: PartHost;
  readonly #losses: Losses;

  constructor(host: PartHost, losses: Losses) {
    this.#host = host;
    this.#losses = losses;
  }

  onNotification(notification: NativeNotification): void {
    if (!isRestart(notification)) return;
    const { outboundStreams, inboundStreams } = notification;
    reportRestart(this.#host.calls, { outboundStreams, inboundStreams });
    try {
      if (!this.#host.owner.destroyed) this.#onRestart(notification);
    } finally {
      this.#losses.hasUnheard = false;
    }
  }

  #onRestart({
    outboundStreams,
    inboundStreams,
  }: Extract<NativeNotification, { type: 'assocChange' }>): void {
    const { owner, calls } = this.#host;
    const isAnnounced = isHeard(owner, 'restart', 'notification');
    const error = peerRestarted();
    const hadWaiting = calls.onRestart(error) && !isHeard(owner, 'sendFailed');
    owner.emit('restart', { outboundStreams, inboundStreams });
    if (isAnnounced || (!this.#losses.hasUnheard && !hadWaiting)) return;
    calls.onSilentLoss(error);
  }
}
