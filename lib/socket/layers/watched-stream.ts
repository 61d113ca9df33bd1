/** Adds to the stream of an association 'stalled' and 'recovered'. */
import * as hooks from '../hooks';
import { NotifyingStream } from './notifying-stream';
import { StallWatch } from '../association/stall-watch';

const EVENTS: readonly (string | symbol)[] = ['stalled', 'recovered'];

export abstract class WatchedStream extends NotifyingStream {
  /** While somebody listens. */
  #watch: StallWatch | undefined;

  protected override [hooks.onSettled](): void {
    super[hooks.onSettled]();
    this.#update();
  }

  protected override [hooks.onListeners](event: string | symbol): void {
    super[hooks.onListeners](event);
    if (EVENTS.includes(event)) this.#update();
  }

  protected override [hooks.onAccepted](length: number): void {
    this[hooks.onActivity]();
    this.#watch?.onAccepted(length);
  }

  protected override [hooks.onGone](errno: number): void {
    this.#end();
    super[hooks.onGone](errno);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#end();
    super._destroy(error, callback);
  }

  #update(): void {
    const transport = this[hooks.transport];
    const { stallTimeout } = this[hooks.config];
    const isWanted = EVENTS.some((event) => this.listenerCount(event) > 0);
    if (!isWanted || stallTimeout === 0 || !transport?.isUp || this.destroyed) {
      this.#end();
      return;
    }
    this.#watch ??= new StallWatch(
      stallTimeout,
      {
        unacknowledgedBytes: () => (transport.isUp ? transport.native.unacknowledgedBytes() : 0),
        peerWindow: () => this.#peerWindow(),
      },
      {
        onStalled: (info) => this.emit('stalled', info),
        onRecovered: () => this.emit('recovered'),
      },
    );
    this.#watch.begin();
  }

  #end(): void {
    this.#watch?.end();
    this.#watch = undefined;
  }

  #peerWindow(): { size: number; packet: number } | undefined {
    try {
      const { rwnd, fragmentationPoint } = this.status();
      return { size: rwnd, packet: fragmentationPoint };
    } catch {
      return undefined; // the association is over, which is yet to be told
    }
  }
}
