/** Hosts of their own inside the test kernel: network namespaces, joined by veth pairs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { defer } from './cleanup';

const run = promisify(execFile);
let created = 0;

/** Needs root and a machine whose network is ours to change: a test kernel's is. */
export class Namespace {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** What a command begins with to run there: `start(…prefix, command)`. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  /** Runs a program there and waits for its end. */
  async run(command: string, ...args: string[]): Promise<string> {
    return (await run('ip', ['netns', 'exec', this.#name, command, ...args])).stdout;
  }

  /** `ip link set …` as `ip('link', 'set', …)`. */
  async ip(...args: string[]): Promise<void> {
    await run('ip', ['-n', this.#name, ...args]);
  }

  /** How packets leave: `shape('eth0', 'netem', 'loss', '20%')`; without words, as usual. */
  async shape(device: string, ...discipline: string[]): Promise<void> {
    const action = discipline.length > 0 ? 'replace' : 'del';
    await run('tc', ['-n', this.#name, 'qdisc', action, 'dev', device, 'root', ...discipline]);
  }

  /** For programs started from now on. `sysctl({ 'net.sctp.association_max_retrans': 4 })` */
  async sysctl(settings: Record<string, number>): Promise<void> {
    const words = Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`);
    await this.run('sysctl', '-q', '-w', ...words);
  }
}

export interface TwoHosts {
  a: Namespace;
  b: Namespace;
}

/**
 * Two hosts with `links` cables between them, each on a network of its own: eth0 at both ends has
 * 10.0.0.1 (a) and 10.0.0.2 (b), eth1 has 10.0.1.1 and 10.0.1.2, and so on; fe80::1 and fe80::2 on
 * each. They vanish after the test, when the programs in them have ended.
 */
export async function twoHosts({ links = 1 } = {}): Promise<TwoHosts> {
  const number = String(++created);
  const names = [`ks${number}a`, `ks${number}b`] as const;
  const commands = [`netns add ${names[0]}`, `netns add ${names[1]}`];
  for (let link = 0; link < links; link++) {
    const device = `eth${String(link)}`;
    commands.push(
      `link add ${device} netns ${names[0]} type veth peer name ${device} netns ${names[1]}`,
    );
  }
  defer(async () => {
    for (const name of names) await run('ip', ['netns', 'delete', name]);
  });
  await batch([], commands);
  for (const [index, name] of names.entries()) {
    const host = String(index + 1);
    const setup = ['link set lo up'];
    for (let link = 0; link < links; link++) {
      const device = `eth${String(link)}`;
      setup.push(
        `addr add 10.0.${String(link)}.${host}/24 dev ${device}`,
        // Duplicate address detection would keep it from being used for a second.
        `link set ${device} addrgenmode none`,
        `link set ${device} up`,
        `addr add fe80::${host}/64 dev ${device} nodad`,
      );
    }
    await batch(['-n', name], setup);
  }
  return { a: new Namespace(names[0]), b: new Namespace(names[1]) };
}

/** Many `ip` commands at once: a process is dear in a test kernel. */
async function batch(options: string[], commands: string[]): Promise<void> {
  const child = run('ip', [...options, '-batch', '-']);
  child.child.stdin?.end(commands.map((command) => `${command}\n`).join(''));
  await child;
}
