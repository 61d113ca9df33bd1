/** 'stalled' and 'recovered', while somebody listens or a stall is to end the association. */
import type { StallInfo } from '../../types/association';
import { reportStall } from '../diagnostics/associations';
import { isSubscribed } from '../diagnostics/channels';
import { invalidArgValue } from '../errors';
import { checkOneOf } from '../validate';
import { isHeard } from './owner';
import type { Part, PartHost } from './part';
import { StallDetector } from './stall-detector';

/** @param stallTimeout as given */
export function checkStallAction(value: unknown, stallTimeout: unknown): 'report' | 'abort' {
  const action = checkOneOf('options.stallAction', value, ['report', 'abort']);
  if (action === 'report' || stallTimeout !== 0) return action;
  const reason = 'needs a stallTimeout other than 0, which never calls an association stalled';
  throw invalidArgValue('options.stallAction', value, reason);
}

export class StallWatch implements Part {
  readonly #host: PartHost;
  /** While it is wanted. */
  #detector: StallDetector | undefined;

  constructor(host: PartHost) {
    this.#host = host;
  }

  /** The kernel has taken a message. */
  onAccepted(): void {
    this.#detector?.begin();
  }

  onUp(): void {
    this.#update();
  }

  onSettled(): void {
    this.#update();
  }

  onListeners(): void {
    this.#update();
  }

  onDismissed(): void {
    this.#end();
  }

  onOver(): void {
    this.#end();
  }

  #update(): void {
    const { owner, config } = this.#host;
    const { stallTimeout, stallAction } = config;
    const isWanted =
      stallAction === 'abort' || isHeard(owner, 'stalled', 'recovered') || isSubscribed('stall');
    if (!isWanted || stallTimeout === 0 || !this.#host.isUp || owner.destroyed) {
      this.#end();
      return;
    }
    this.#detector ??= new StallDetector(
      stallTimeout,
      () => (this.#host.isUp ? this.#host.progress() : undefined),
      {
        onStalled: (info) => {
          this.#onStalled(info);
        },
        onRecovered: () => {
          reportStall(this.#host.calls, undefined);
          owner.emit('recovered');
        },
      },
    );
    this.#detector.begin();
  }

  #onStalled(info: StallInfo): void {
    const { owner, calls, config } = this.#host;
    reportStall(calls, info);
    try {
      owner.emit('stalled', info);
    } finally {
      if (config.stallAction === 'abort' && !owner.destroyed) calls.onStalled(info);
    }
  }

  #end(): void {
    this.#detector?.end();
    this.#detector = undefined;
  }
}
