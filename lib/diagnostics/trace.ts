/** Calls that come to an end later, on a tracing channel of `node:diagnostics_channel`. */
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

const tracing = {
  connect: tracingChannel('kernel-sctp.connect'),
  listen: tracingChannel('kernel-sctp.server.listen'),
} as const;

/** The message, the same object each time. */
type Context = Record<string, unknown>;

/** One call: `start`, `end` when it returns, and at its outcome `error`, `asyncStart`, `asyncEnd`. */
export class Trace {
  readonly #channel: TracingChannel;
  readonly #context: Context;
  #isSettled = false;

  private constructor(channel: TracingChannel, context: Context) {
    this.#channel = channel;
    this.#context = context;
  }

  /** @returns nothing if nobody subscribes */
  static of(name: keyof typeof tracing, context: () => Context): Trace | undefined {
    const channel = tracing[name];
    return hasSubscribers(channel) ? new Trace(channel, context()) : undefined;
  }

  /** The call itself, in the context that subscribers have bound to `start`. */
  run(call: () => void): void {
    const { start, end } = this.#channel;
    start.runStores(this.#context, () => {
      try {
        call();
      } catch (error) {
        this.#publishError(error);
        throw error;
      } finally {
        end.publish(this.#context);
      }
    });
  }

  succeed(result?: unknown): void {
    if (result !== undefined) this.#context['result'] = result;
    this.#settle();
  }

  fail(error: unknown): void {
    if (this.#isSettled) return;
    this.#publishError(error);
    this.#settle();
  }

  #publishError(error: unknown): void {
    this.#context['error'] = error;
    this.#channel.error.publish(this.#context);
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#channel.asyncStart.publish(this.#context);
    this.#channel.asyncEnd.publish(this.#context);
  }
}

/** Runs a call that may be traced. */
export function runTraced(trace: Trace | undefined, call: () => void): void {
  if (trace) trace.run(call);
  else call();
}

/** Tracing channels have it themselves only from Node 20.13 on. */
function hasSubscribers({ start, end, asyncStart, asyncEnd, error }: TracingChannel): boolean {
  // Asked for each connect: no list is made.
  return (
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers
  );
}
