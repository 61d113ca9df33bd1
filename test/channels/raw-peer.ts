/** A peer that sends what it likes: the engine without the rules of data channels. */
import { Engine } from '#lib/engine/engine';
import type { EngineHandler } from '#lib/engine/events';
import type { DataChannelAssociation } from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import { makePair, pause } from './link';

export class RawPeer {
  readonly engine: Engine;
  readonly received: { sid: number; ppid: number; data: Buffer }[] = [];
  readonly resets: number[] = [];
  send: (packet: Buffer) => void = () => undefined;
  isUp = false;
  isOver = false;

  constructor() {
    const ignore = (): void => undefined;
    const handler: EngineHandler = {
      onPackets: (packets) => {
        for (const packet of packets) this.send(packet);
      },
      onMessage: (sid, ppid, data) => {
        this.received.push({ sid, ppid, data: Buffer.from(data) });
      },
      onConnected: () => (this.isUp = true),
      onIncomingReset: (sids) => {
        this.resets.push(...sids);
      },
      onClosed: () => (this.isOver = true),
      onRestarted: ignore,
      onOutgoingReset: ignore,
      onPeerShutdown: ignore,
    };
    this.engine = new Engine({}, handler);
    defer(() => {
      this.engine.abort('');
    });
  }

  say(sid: number, ppid: number, data: Uint8Array | string): void {
    this.engine.send(data, sid, ppid, false, 0, 0);
  }
}

/** An association whose peer, a client, is raw. */
export async function withRawPeer(
  options: Parameters<typeof makePair>[1] = {},
): Promise<{ association: DataChannelAssociation; peer: RawPeer; errors: string[] }> {
  const { server: association } = makePair({}, options);
  const peer = new RawPeer();
  peer.send = (packet) => {
    association.handleIncoming(packet);
  };
  association.setSendCallback((packet) => {
    peer.engine.receive(packet);
  });
  const errors: string[] = [];
  association.on('violation', (error) => errors.push(error.message));
  peer.engine.connect();
  await association.connect();
  while (!peer.isUp) await pause(1);
  return { association, peer, errors };
}
