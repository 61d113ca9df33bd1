/** 'stalled' and 'recovered', while somebody listens or a stall is to end the association. */
import type { StallInfo } from '../../types/association';
import { invalidArgValue } from '../errors';
import { checkOneOf } from '../validate';
import type { Life } from './life';
import { isHeard, type Owner, type OwnerCalls } from './owner';
import type { Part } from './part';
import type { Progress } from './progress';
import { StallDetector } from './stall-detector';

export interface StallConfig {
  /** Milliseconds; 0 never calls an association stalled. */
  readonly stallTimeout: number;
  readonly stallAction: 'report' | 'abort';
}

/** @param stallTimeout as given */
export function checkStallAction(value: unknown, stallTimeout: unknown): 'report' | 'abort' {
  const action = checkOneOf('options.stallAction', value, ['report', 'abort']);
  if (action === 'report' || stallTimeout !== 0) return action;
  const reason = 'needs a stallTimeout other than 0, which never calls an association stalled';
  throw invalidArgValue('options.stallAction', value, reason);
}

export class StallWatch implements Part {
  readonly #life: Life;
  readonly #owner: Owner;
  readonly #calls: Pick<OwnerCalls, 'onStalled'>;
  readonly #progress: () => Progress | undefined;
  readonly #config: StallConfig;
  /** While it is wanted. */
  #detector: StallDetector | undefined;

  constructor(
    life: Life,
    owner: Owner,
    calls: Pick<OwnerCalls, 'onStalled'>,
    progress: () => Progress | undefined,
    { stallTimeout, stallAction }: StallConfig,
  ) {
    this.#life = life;
    this.#owner = owner;
    this.#calls = calls;
    this.#progress = progress;
    this.#config = { stallTimeout, stallAction };
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

  onListeners(event: string | symbol): void {
    if (event === 'stalled' || event === 'recovered') this.#update();
  }

  onDismissed(): void {
    this.#end();
  }

  onOver(): void {
    this.#end();
  }

  #update(): void {
    const { stallTimeout, stallAction } = this.#config;
    const isWanted = stallAction === 'abort' || isHeard(this.#owner, 'stalled', 'recovered');
    if (!isWanted || stallTimeout === 0 || !this.#life.isUp || this.#owner.destroyed) {
      this.#end();
      return;
    }
    this.#detector ??= new StallDetector(
      stallTimeout,
      () => (this.#life.isUp ? this.#progress() : undefined),
      {
        onStalled: (info) => {
          this.#onStalled(info);
        },
        onRecovered: () => this.#owner.emit('recovered'),
      },
    );
    this.#detector.begin();
  }

  #onStalled(info: StallInfo): void {
    try {
      this.#owner.emit('stalled', info);
    } finally {
      const aborts = this.#config.stallAction === 'abort' && !this.#owner.destroyed;
      if (aborts) this.#calls.onStalled(info);
    }
  }

  #end(): void {
    this.#detector?.end();
    this.#detector = undefined;
  }
}
