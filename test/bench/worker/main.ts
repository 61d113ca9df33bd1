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

async function serve({ dialogue, transport, kind, settings }: Part): Promise<void> {
  for (;;) {
    const [, warmup, count] = (await dialogue.next('start')) ?? [];
    if (warmup === undefined || count === undefined) return;
    const arrivals = new Arrivals();
    const warm = arrivals.expect(warmup);
    const server = await transport.listen(settings, kind.echo, arrivals.add);
    dialogue.say('listening', server.port, server.sendBuffer, server.receiveBuffer);
    await warm;

    const all = arrivals.expect(count);
    dialogue.say('warm');
    const began = hrtime.bigint();
    await all;
    dialogue.say('done', began, hrtime.bigint(), arrivals.messages, arrivals.bytes);
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
    await kind.exchange(client, arrivals, message, warmup);
    await dialogue.next('go');

    const began = hrtime.bigint();
    await kind.exchange(client, arrivals, message, count);
    dialogue.say('done', began, hrtime.bigint(), arrivals.messages, arrivals.bytes);
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
