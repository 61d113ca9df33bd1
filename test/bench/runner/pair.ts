/** The two processes of a contender for one workload. They live through all its repetitions. */
import type { Contender, Side } from '../contenders/contender';
import type { Settings } from '../worker/transport';
import type { Outcome, Workload } from '../workloads/workload';
import { addDifference, type KernelCounters, readKernelCounters } from './kernel-counters';
import { BenchError, BenchProcess } from './process';

export class Pair {
  /** As the kernel reports them; 0 before the first repetition. */
  readonly buffers = { send: 0, receive: 0 };
  /** Of all repetitions. */
  readonly counters: KernelCounters = { timeouts: 0, discards: 0 };
  readonly #workload: Workload;
  readonly #name: string;
  readonly #server: BenchProcess;
  readonly #client: BenchProcess;

  private constructor(
    workload: Workload,
    name: string,
    server: BenchProcess,
    client: BenchProcess,
  ) {
    this.#workload = workload;
    this.#name = name;
    this.#server = server;
    this.#client = client;
  }

  static async start(
    contender: Contender,
    workload: Workload,
    buffers: number | undefined,
    nodeArguments: readonly string[],
  ): Promise<Pair> {
    const settings: Settings = { size: workload.size, buffers };
    const name = `${contender.name}, ${workload.name}`;
    const start = (side: Side): Promise<BenchProcess> => {
      const command = contender.command(workload.kind, side, settings, nodeArguments);
      return BenchProcess.start(`${name}, ${side}`, command);
    };
    const [server, client] = await Promise.all([start('server'), start('client')]);
    return new Pair(workload, name, server, client);
  }

  /** @returns messages per second */
  async measure(warmup: number, count: number): Promise<number> {
    this.#server.say('start', 0, warmup, count);
    const [port = 0n, send = 0n, receive = 0n] = await this.#server.next('listening');
    this.buffers.send = Number(send);
    this.buffers.receive = Number(receive);
    this.#client.say('start', Number(port), warmup, count);
    await this.#outcomes('warm', warmup);
    const before = readKernelCounters();
    this.#client.say('go');
    const { client, server } = await this.#outcomes('done', count);
    addDifference(this.counters, before, readKernelCounters());
    this.#client.say('close');
    this.#server.say('close');
    return (count * 1e9) / Number(this.#workload.kind.elapsed(client, server));
  }

  async finish(): Promise<void> {
    await Promise.all([this.#server.finish(), this.#client.finish()]);
  }

  kill(): void {
    this.#server.kill();
    this.#client.kill();
  }

  /** What both sides have done, if nothing was lost. */
  async #outcomes(word: 'warm' | 'done', count: number): Promise<Record<Side, Outcome>> {
    const [client, server] = await Promise.all([
      this.#client.nextOutcome(word),
      this.#server.nextOutcome(word),
    ]);
    this.#check('server', server, count);
    if (this.#workload.kind.echo) this.#check('client', client, count);
    return { client, server };
  }

  #check(side: Side, { messages, bytes }: Outcome, count: number): void {
    const expected = count * this.#workload.size;
    if (messages === count && bytes === expected) return;
    throw new BenchError(
      `${this.#name}: ${String(messages)} of ${String(count)} messages and ${String(bytes)} of ` +
        `${String(expected)} bytes came to the ${side}`,
    );
  }
}
