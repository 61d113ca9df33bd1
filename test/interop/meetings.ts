/** Ways in which a handle of ours and a Python peer get to know each other. */
import { type DatagramHandle, open, type OpenOptions } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { type PythonOptions, PythonPeer, type PythonSend } from '../support/python-peers';

export const LOCAL = '127.0.0.1';
export const MIB = 1024 * 1024;

export interface Opened {
  inbox: Inbox;
  handle: DatagramHandle;
  port: number;
}

export function openLocal(options: OpenOptions = {}): Opened {
  const inbox = new Inbox();
  const handle = closing(open({ host: LOCAL, ...options }, inbox.onRecv));
  return { inbox, handle, port: handle.address().port };
}

/** A datagram socket, or a connection; with us or with the peer as the side that begins. */
export const meetings = [
  'with a SOCK_SEQPACKET peer, we start the association',
  'with a SOCK_SEQPACKET peer, it starts the association',
  'with a SOCK_STREAM listener',
  'with a SOCK_STREAM client',
] as const;

export interface Meeting extends Opened {
  peer: PythonPeer;
  /** The peer sends to us. */
  readonly peerSends: (data: Uint8Array | string, how?: PythonSend) => Promise<number>;
}

/** Resolves when the association is up. A message of ours or of the peer has started it. */
export async function meet(
  how: (typeof meetings)[number],
  options: { ours?: OpenOptions; python?: PythonOptions } = {},
): Promise<Meeting> {
  const ours = openLocal(options.ours);
  const style = how.includes('SOCK_STREAM') ? 'stream' : 'seqpacket';
  const peer = await PythonPeer.open({
    style,
    listen: !how.includes('client'),
    ...options.python,
  });
  const to = style === 'seqpacket' ? ([LOCAL, ours.port] as const) : undefined;
  const peerSends: Meeting['peerSends'] = (data, info) =>
    peer.send(data, to === undefined ? info : { to, ...info });
  const first = 'how do you do';
  if (how.includes('it starts')) {
    await peerSends(first);
  } else if (how.includes('client')) {
    await peer.connect(LOCAL, ours.port);
    await peerSends(first);
  } else {
    ours.handle.send(Buffer.from(first), LOCAL, peer.port, { unordered: false });
    await peer.waitForMessages(1);
    peer.events.length = 0;
    return { ...ours, peer, peerSends };
  }
  await ours.inbox.waitForMessages(1);
  ours.inbox.messages.length = 0;
  return { ...ours, peer, peerSends };
}
