/** How long JavaScript runs, by V8's sampling profiler. */
import { type Profiler, Session } from 'node:inspector/promises';

/** In µs. */
const INTERVAL = 100;

export class JavaScriptTime {
  readonly #session = new Session();

  static start(): JavaScriptTime {
    const time = new JavaScriptTime();
    time.#session.connect();
    // Each is done by the time that it returns: the session is of this thread.
    void time.#session.post('Profiler.enable');
    void time.#session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
    void time.#session.post('Profiler.start');
    return time;
  }

  /** In ns. */
  async stop(): Promise<number> {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#session.disconnect();
    return javaScriptIn(profile);
  }
}

/** Native functions, the collector and what V8 calls (program) and (idle) have no address. */
function javaScriptIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const written = new Set(
    nodes.filter(({ callFrame }) => callFrame.url !== '').map(({ id }) => id),
  );
  // A sample's time is what passes until the next one.
  const time = samples.map((id, index) => (written.has(id) ? (timeDeltas[index + 1] ?? 0) : 0));
  return time.reduce((sum, microseconds) => sum + microseconds, 0) * 1000;
}
