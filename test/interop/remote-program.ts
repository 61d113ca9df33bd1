/** The program behind RemoteHandle: a datagram handle that obeys JSON lines on stdin. */
import { createInterface } from 'node:readline';

import { open, type OpenOptions, type SendInfo } from 'kernel-sctp';

export type Command =
  | { do: 'send'; data: string; host: string; port: number; info?: SendInfo }
  | { do: 'getOption' | 'setOption'; args: unknown[] }
  | { do: 'close' }
  | { do: 'utilization' };

function report(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

const options = JSON.parse(process.argv[2] as string) as OpenOptions;
const handle = open(options, (result, info) => {
  if (typeof result === 'string') {
    report({ error: result });
  } else {
    const [data, host, port] = result;
    report({ message: { data: data.toString('base64'), host, port, info } });
  }
});
report({ port: handle.address().port });

function obey(command: Command): unknown {
  switch (command.do) {
    case 'send': {
      const data = Buffer.from(command.data, 'base64');
      return handle.send(data, command.host, command.port, command.info);
    }
    case 'getOption':
    case 'setOption':
      return (handle[command.do] as (...args: unknown[]) => unknown)(...command.args) ?? null;
    case 'close':
      handle.close();
      return true;
    case 'utilization':
      return performance.eventLoopUtilization();
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  try {
    report({ answer: obey(JSON.parse(line) as Command) });
  } catch (error) {
    report({ refused: String(error) });
  }
});
