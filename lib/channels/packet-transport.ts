/** How packets come and go: whatever the program brings. */
import { Duplex } from 'node:stream';
import { isAnyArrayBuffer } from 'node:util/types';

import type { PacketTransport } from '../../types/data-channels';
import { invalidArgType, invalidArgValue } from '../errors';
import { isObject } from '../validate';

export interface Attached {
  send(packet: Buffer): unknown;
  detach(): void;
}

interface Events {
  onPacket(packet: unknown): void;
  /** The transport can carry no more. */
  onFailure(error: Error | undefined): void;
}

export function attach(transport: unknown, events: Events): Attached {
  if (transport instanceof Duplex) return attachDuplex(transport, events);
  const candidate = transport as PacketTransport | null | undefined;
  if (!isObject(transport) || typeof candidate?.send !== 'function') {
    const expected = 'a Duplex, or an object with a function send';
    throw invalidArgType('options.transport', expected, transport);
  }
  const onPacket = (packet: ArrayBufferView | ArrayBuffer): void => {
    events.onPacket(packet);
  };
  take(candidate, onPacket);
  return {
    send: (packet) => candidate.send(packet),
    detach() {
      attached.delete(onPacket);
      if (candidate.onPacket === onPacket) candidate.onPacket = undefined;
    },
  };
}

/** Where packets for associations go, as long as they last. */
const attached = new WeakSet<NonNullable<PacketTransport['onPacket']>>();

function take(
  transport: PacketTransport,
  onPacket: NonNullable<PacketTransport['onPacket']>,
): void {
  const name = 'options.transport';
  if (transport.onPacket !== undefined && attached.has(transport.onPacket)) {
    throw invalidArgValue(
      name,
      transport,
      'carries an association already, which has its onPacket',
    );
  }
  if (!Reflect.set(transport, 'onPacket', onPacket)) {
    throw invalidArgValue(name, transport, 'must let its onPacket be set');
  }
  attached.add(onPacket);
}

function attachDuplex(duplex: Duplex, events: Events): Attached {
  let isAttached = true;
  const onData = (packet: unknown): void => {
    // Nobody has called us who could be thrown at.
    let bytes: ArrayBufferView;
    try {
      bytes = packetBytes(packet);
    } catch (error) {
      events.onFailure(error as Error);
      return;
    }
    events.onPacket(bytes);
  };
  const onError = (error: Error): void => {
    events.onFailure(error);
  };
  const onClose = (): void => {
    events.onFailure(duplex.errored ?? undefined);
  };
  duplex.on('data', onData).on('error', onError).on('end', onClose).on('close', onClose);
  // One that is over has no more events.
  if (duplex.destroyed || duplex.readableEnded) {
    process.nextTick(() => {
      if (isAttached) onClose();
    });
  }
  return {
    send(packet) {
      if (!duplex.writable) throw duplex.errored ?? new Error('it no longer takes packets');
      duplex.write(packet);
    },
    detach() {
      isAttached = false;
      duplex.off('data', onData).off('error', onError).off('end', onClose).off('close', onClose);
    },
  };
}

/** The bytes of a packet that the program hands over. */
export function packetBytes(packet: unknown): ArrayBufferView {
  if (ArrayBuffer.isView(packet)) return packet;
  if (isAnyArrayBuffer(packet)) return new Uint8Array(packet);
  throw invalidArgType(
    'packet',
    'an instance of Buffer, TypedArray, DataView, or ArrayBuffer',
    packet,
  );
}
