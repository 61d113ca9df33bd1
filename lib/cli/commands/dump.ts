/** `dump`: the SCTP packets that pass this machine, for Wireshark or as text. */
import { ENCAPSULATION_PORT } from '../../engine/user-options';
import { type Capture, capture, type CapturedPacket } from '../capture/capture';
import { type Packet, packetText, readPacket } from '../capture/packet';
import { PcapngWriter } from '../capture/pcapng';
import { Sink } from '../capture/sink';
import { command } from '../command';
import { PORT_OPTION, portOf } from '../host-status';
import type { Io } from '../io';
import { UsageError } from '../usage-error';
import { integer } from '../values';

export const dump = command({
  name: 'dump',
  summary: 'the packets that pass, for Wireshark or as text',
  operands: [],
  description: [
    'Captures SCTP packets, as they are and in UDP, of every program, and writes them in the format ' +
      'of pcapng: to a file, or to stdout where that is no terminal. On a terminal it prints a line ' +
      'for each. It takes CAP_NET_RAW: run it as root. Interrupt it (Ctrl-C) to end.',
    'Packets that do not leave the machine are captured before the kernel splits long ones and ' +
      'computes checksums.',
  ],
  options: {
    interface: {
      type: 'string',
      short: 'i',
      value: 'NAME',
      help: 'The network interface (default: all).',
    },
    port: PORT_OPTION,
    'udp-port': {
      type: 'string',
      value: 'PORT',
      help: `The UDP port, of either side, of SCTP in UDP (default ${String(ENCAPSULATION_PORT)}).`,
    },
    count: {
      type: 'string',
      short: 'c',
      value: 'N',
      help: 'End after so many packets (default: when interrupted).',
    },
    write: { type: 'string', short: 'w', value: 'FILE', help: 'Write pcapng there; - is stdout.' },
    text: { type: 'boolean', help: 'A line of text for each packet, whatever stdout is.' },
    json: { type: 'boolean', help: 'One JSON object a line for each packet.' },
  },
  examples: [
    'sudo kernel-sctp dump',
    'sudo kernel-sctp dump --interface eth0 --port 2905 --write m3ua.pcapng',
    'sudo kernel-sctp dump --port 3868 | wireshark -k -i -',
  ],
  statuses: { 1: 'if it could not capture or write' },
  async run({ io, values }) {
    const { interface: name = '', write, text = false, json = false } = values;
    if (text && json) throw new UsageError('--text and --json exclude each other');
    if (write === '-' && (text || json)) throw new UsageError('--write - leaves stdout no text');
    const port = portOf(values.port);
    const udpPort =
      values['udp-port'] === undefined
        ? ENCAPSULATION_PORT
        : integer(values['udp-port'], '--udp-port', 1, 65_535);
    const count = values.count === undefined ? Infinity : integer(values.count, '--count', 1, 1e9);
    if (name.length > 15)
      throw new UsageError(`--interface '${name}' is longer than a name can be`);
    const isText = text || (write === undefined && !json && io.isTerminal);
    const session = new Session(io, { port, count });
    const capturing = capture(name, udpPort, (packet) => {
      session.onPacket(packet);
    });
    try {
      if (isText) session.addText(capturing);
      if (json) session.addJson(capturing);
      if (write !== undefined || (!isText && !json)) session.addPcapng(capturing, write ?? '-');
      io.remark(`capturing on ${name === '' ? 'all interfaces' : name}`);
      await session.over;
    } finally {
      capturing.stop();
    }
    await session.end();
    io.remark(`${String(session.seen)} packets, ${dropped(capturing, session)} dropped`);
    return 0;
  },
});

function dropped(capturing: Capture, session: Session): string {
  return String(capturing.dropped + session.dropped);
}

interface Wanted {
  readonly port: number | undefined;
  readonly count: number;
}

/** What is captured, on its way to where it goes. */
class Session {
  readonly over: Promise<void>;
  seen = 0;
  readonly #io: Io;
  readonly #wanted: Wanted;
  readonly #sinks: Sink[] = [];
  readonly #takers: ((packet: CapturedPacket, read: Packet | undefined) => void)[] = [];
  #finish!: () => void;
  #fail!: (error: unknown) => void;

  constructor(io: Io, wanted: Wanted) {
    this.#io = io;
    this.#wanted = wanted;
    this.over = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.over.catch(() => undefined); // it may come before anybody waits
    if (io.interrupted.aborted) this.#finish();
    io.interrupted.addEventListener('abort', this.#finish, { once: true });
  }

  /** Packets that were not taken in time. */
  get dropped(): number {
    return this.#sinks.reduce((sum, sink) => sum + sink.dropped, 0);
  }

  addPcapng(capturing: Capture, path: string): void {
    const sink = path === '-' ? this.#toStdout() : this.#add(Sink.toFile(path, this.#fail));
    const writer = new PcapngWriter((index) => capturing.interfaceName(index));
    sink.put(writer.header());
    this.#takers.push((packet) => {
      sink.put(writer.packet(packet));
    });
  }

  addText(capturing: Capture): void {
    const sink = this.#toStdout();
    this.#takers.push((packet, read) => {
      const name = capturing.interfaceName(packet.interfaceIndex);
      const what = read ? packetText(read) : `${String(packet.fullLength)} bytes`;
      sink.put(`${timeOf(packet).slice(11, -1)} ${name} ${what}\n`);
    });
  }

  addJson(capturing: Capture): void {
    const sink = this.#toStdout();
    this.#takers.push((packet, read) => {
      const line = {
        time: timeOf(packet),
        interface: capturing.interfaceName(packet.interfaceIndex),
        direction: packet.isOutgoing ? 'out' : 'in',
        length: packet.fullLength,
        ...read,
      };
      sink.put(`${JSON.stringify(line)}\n`);
    });
  }

  onPacket(packet: CapturedPacket): void {
    if (this.seen >= this.#wanted.count) return;
    const read = readPacket(packet.bytes);
    const { port } = this.#wanted;
    if (port !== undefined && read?.sourcePort !== port && read?.destinationPort !== port) return;
    this.seen++;
    for (const take of this.#takers) take(packet, read);
    if (this.seen === this.#wanted.count) this.#finish();
  }

  async end(): Promise<void> {
    for (const sink of this.#sinks) await sink.end();
  }

  #toStdout(): Sink {
    return this.#add(new Sink((data) => this.#io.write(data), this.#fail));
  }

  #add(sink: Sink): Sink {
    this.#sinks.push(sink);
    return sink;
  }
}

/** As ISO 8601 has it, in UTC, with microseconds. */
function timeOf({ seconds, nanoseconds }: CapturedPacket): string {
  const micros = String(Math.floor(nanoseconds / 1000)).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${micros}Z`;
}
