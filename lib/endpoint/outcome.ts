/** How far the end of an endpoint's association has come, and what is refused from then on. */
import type { AssociationEnd } from '../../types/endpoint';
import type { Association } from '../association/association';
import { associationOver, notUpYet } from '../errors';
import { overError } from './over-error';

export class Outcome {
  readonly #association: Pick<Association, 'isUp' | 'wasUp' | 'isClosed'>;
  #end: AssociationEnd | undefined;
  #error: Error | null = null;
  #onceClosed: (() => void)[] = [];
  /** We end it in order: it takes no more messages. */
  isEnding = false;

  constructor(association: Pick<Association, 'isUp' | 'wasUp' | 'isClosed'>) {
    this.#association = association;
  }

  /** How it has ended, if so. */
  get end(): AssociationEnd | undefined {
    return this.#end;
  }

  /** Why we have ended it at once, if for an error. */
  get error(): Error | null {
    return this.#error;
  }

  get isSettled(): boolean {
    return this.#end !== undefined;
  }

  /** The kernel has ended it; what follows from that comes soon. */
  get isOver(): boolean {
    return this.#association.wasUp && this.#association.isClosed;
  }

  checkIsUp(): void {
    if (this.#end !== undefined) throw overError(this.#end);
    if (this.isOver) throw associationOver('is over');
    if (!this.#association.isUp) throw notUpYet();
  }

  /** It is about to be ended at once. */
  onDismissed(error: Error | undefined): void {
    this.#error = error ?? null;
  }

  settle(end: AssociationEnd): void {
    this.#end = end;
  }

  /** @throws if it has not ended in order */
  async whenClosed(): Promise<void> {
    if (this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#onceClosed.push(resolve);
      });
    }
    const { reason, error } = this.#end as unknown as AssociationEnd;
    if (reason !== 'shutdown') throw error ?? overError(this.#end as unknown as AssociationEnd);
  }

  releaseWaiters(): void {
    for (const resolve of this.#onceClosed.splice(0)) resolve();
  }
}
