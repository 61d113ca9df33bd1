/** The SCTP packets that pass this machine's interfaces, as they are and in UDP. */
import { binding } from '../../binding';
import { errnoName, systemError } from '../../errors';

/** As in the seam. */
const SLOTS = 32;
const SLOT_SIZE = 65_536;
const COLUMNS = 6;
/** Batches until other work has its turn. */
const BATCHES = 8;

export interface CapturedPacket {
  /** Since 1970. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** The kernel's number of the interface. */
  readonly interfaceIndex: number;
  readonly isOutgoing: boolean;
  /** From the IP header on. Valid until the next packet. */
  readonly bytes: Buffer;
  /** As it was on the wire; `bytes` may have less. */
  readonly fullLength: number;
}

export interface Capture {
  /** Packets that the kernel had no room for, so far. */
  readonly dropped: number;
  interfaceName(index: number): string;
  stop(): void;
}

/**
 * Begins to see packets.
 * @param name of an interface; '' for all of them
 * @throws if the kernel refuses
 */
export function capture(
  name: string,
  udpPort: number,
  onPacket: (packet: CapturedPacket) => void,
): Capture {
  const native = new binding.PacketSocket();
  const errno = native.open(name, udpPort);
  if (errno < 0) throw systemError('capture', errno, {}, remedy(errno, name));
  const memory = Buffer.alloc(SLOTS * SLOT_SIZE);
  const rows = new Uint32Array(SLOTS * COLUMNS);
  const names = new Map<number, string>();
  let dropped = 0;
  let isStopped = false;
  /** Any packet may be the last that is wanted. */
  const goesOn = (): boolean => !isStopped;
  const deliver = (slot: number): void => {
    const [seconds = 0, nanoseconds = 0, interfaceIndex = 0, outgoing, length = 0, fullLength = 0] =
      rows.subarray(slot * COLUMNS, (slot + 1) * COLUMNS);
    if (length === 0) return;
    const bytes = memory.subarray(slot * SLOT_SIZE, slot * SLOT_SIZE + length);
    const isOutgoing = outgoing === 1;
    onPacket({ seconds, nanoseconds, interfaceIndex, isOutgoing, bytes, fullLength });
  };
  native.onReadable = () => {
    for (let batch = 0; batch < BATCHES && goesOn(); batch++) {
      const count = native.receive(memory, rows);
      // An interface that goes down is an error once; others may still have packets.
      for (let slot = 0; slot < count && goesOn(); slot++) deliver(slot);
      if (count < SLOTS) return;
    }
  };
  const countDropped = (): void => {
    dropped += Math.max(0, native.dropped());
  };
  return {
    get dropped() {
      if (goesOn()) countDropped();
      return dropped;
    },
    interfaceName(index) {
      const known = names.get(index) ?? native.interfaceName(index) ?? String(index);
      names.set(index, known);
      return known;
    },
    stop() {
      if (isStopped) return;
      countDropped();
      isStopped = true;
      native.close();
    },
  };
}

function remedy(errno: number, name: string): string {
  switch (errnoName(errno)) {
    case 'EPERM':
      return 'it takes CAP_NET_RAW: run it as root, or with sudo';
    case 'ENODEV':
      return `there is no interface ${name}`;
    default:
      return '';
  }
}
