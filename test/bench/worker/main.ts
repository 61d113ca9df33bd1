/**
 * A Node contender's process: plays one side of a workload, once.
 *
 * Arguments: CONTENDER WORKLOAD server|client BUFFERS, where BUFFERS is 0 for the defaults.
 */
import { nodeContenders } from '../contenders';
import { workloads } from '../workloads';
import type { Play, Workload } from '../workloads/workload';
import { Arrivals } from './arrivals';
import { Dialogue } from './dialogue';
import { examine } from './examiner';
import type { Client, Settings, Transport } from './transport';

interface Part {
  dialogue: Dialogue;
  transport: Transport;
  workload: Workload;
  settings: Settings;
}

async function serve({ dialogue, transport, workload: { kind }, settings }: Part): Promise<void> {
  const [, warmup = 0, count = 0] = await dialogue.next('start');
  const arrivals = new Arrivals();
  const warm = examine(kind.examines, arrivals, () => arrivals.expect(warmup));
  const none = (): void => undefined;
  const add = (): void => {
    arrivals.add(0);
  };
  const port = await transport.listen(settings, {
    behaviour: kind.server,
    message: kind.arrival === 'message' ? arrivals.add : none,
    opened: kind.arrival === 'opened' ? add : none,
    closed: kind.arrival === 'closed' ? add : none,
  });
  dialogue.say('listening', { port });
  const outcome = await warm;

  const done = examine(kind.examines, arrivals, () => arrivals.expect(count));
  dialogue.say('warm', outcome);
  dialogue.say('done', await done);
}

async function use({ dialogue, transport, workload, settings }: Part): Promise<void> {
  const { kind, associations } = workload;
  const [port = 0, warmup = 0, count = 0] = await dialogue.next('start');
  const arrivals = new Arrivals();
  const clients: Client[] = [];
  const play: Play = {
    clients,
    arrivals,
    message: Buffer.alloc(settings.size, 'm'),
    connect: () => transport.connect(settings, port, arrivals.add),
  };
  while (clients.length < associations) clients.push(await play.connect());
  // Of the client it is only time that matters.
  const exchange = (times: number) =>
    examine(undefined, arrivals, () => kind.exchange(play, times));
  dialogue.say('warm', await exchange(warmup));
  await dialogue.next('go');
  dialogue.say('done', await exchange(count));
}

function find<T extends { name: string }>(what: string, list: readonly T[], name?: string): T {
  const found = list.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no ${what} named ${String(name)}`);
  return found;
}

const [contender, workloadName, side, buffers] = process.argv.slice(2);
const workload = find('workload', workloads, workloadName);
const part: Part = {
  dialogue: new Dialogue(),
  transport: find('contender', nodeContenders, contender).transport,
  workload,
  settings: { size: workload.size, buffers: Number(buffers), info: workload.info },
};
part.dialogue.say('ready');
void (side === 'server' ? serve(part) : use(part))
  .then(() => part.dialogue.next('close'))
  .then(() => process.exit());
