/**
 * A Node contender's process: plays one side of a workload, again and again as the runner asks.
 *
 * Arguments: CONTENDER KIND server|client SIZE BUFFERS, where BUFFERS is 0 for the defaults.
 */
import { hrtime } from 'node:process';

import { nodeContenders } from '../contenders';
import { workloads } from '../workloads';
import type { Kind } from '../workloads/workload';
import { Arrivals } from './arrivals';
import { Dialogue } from './dialogue';
import type { Settings, Transport } from './transport';

interface Part {
  dialogue: Dialogue;
  transport: Transport;
  kind: Kind;
  settings: Settings;
}

/** @returns the numbers that follow `warm` or `done` */
async function timed(
  arrivals: Arrivals,
  exchange: () => Promise<void>,
): Promise<(number | bigint)[]> {
  const began = hrtime.bigint();
  await exchange();
  return [began, hrtime.bigint(), arrivals.messages, arrivals.bytes];
}

async function serve({ dialogue, transport, kind, settings }: Part): Promise<void> {
  for (;;) {
    const [, warmup, count] = (await dialogue.next('start')) ?? [];
    if (warmup === undefined || count === undefined) return;
    const arrivals = new Arrivals();
    const warm = timed(arrivals, () => arrivals.expect(warmup));
    const server = await transport.listen(settings, kind.echo, arrivals.add);
    dialogue.say('listening', server.port, server.sendBuffer, server.receiveBuffer);
    const outcome = await warm;

    const done = timed(arrivals, () => arrivals.expect(count));
    dialogue.say('warm', ...outcome);
    dialogue.say('done', ...(await done));
    await dialogue.next('close');
    server.close();
  }
}

async function use({ dialogue, transport, kind, settings }: Part): Promise<void> {
  const message = Buffer.alloc(settings.size, 'm');
  for (;;) {
    const [port, warmup, count] = (await dialogue.next('start')) ?? [];
    if (port === undefined || warmup === undefined || count === undefined) return;
    const arrivals = new Arrivals();
    const client = await transport.connect(settings, port, arrivals.add);
    const exchange = (times: number) => (): Promise<void> =>
      kind.exchange(client, arrivals, message, times);
    dialogue.say('warm', ...(await timed(arrivals, exchange(warmup))));
    await dialogue.next('go');
    dialogue.say('done', ...(await timed(arrivals, exchange(count))));
    await dialogue.next('close');
    client.close();
  }
}

function find<T extends { name: string }>(what: string, list: readonly T[], name?: string): T {
  const found = list.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no ${what} named ${String(name)}`);
  return found;
}

const [contender, kind, side, size, buffers] = process.argv.slice(2);
const part: Part = {
  dialogue: new Dialogue(),
  transport: find('contender', nodeContenders, contender).transport,
  kind: find(
    'kind',
    workloads.map((workload) => workload.kind),
    kind,
  ),
  settings: { size: Number(size), buffers: Number(buffers) || undefined },
};
part.dialogue.say('ready');
void (side === 'server' ? serve(part) : use(part));
