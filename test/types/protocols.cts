// Compiled, not run: single streams, PPIDs, presets and defaults as an editor must accept them.
import type { Duplex } from 'node:stream';

import {
  connect,
  type ConnectOptions,
  constants,
  createServer,
  type Defaults,
  defaults,
  PPID,
  type PpidName,
  presets,
  protocol,
  type ProtocolName,
  type SctpOptions,
  type SctpStream,
  type ServerOptions,
} from 'kernel-sctp';

const numbers: number[] = [PPID.M3UA, protocol.Diameter, constants.SCTP_COMM_UP];
const names: (string | undefined)[] = [PPID[46], protocol[46]];
const one: PpidName = 'NGAP';
const other: ProtocolName = 'WebRTC_DCEP';
// @ts-expect-error: no such name
void PPID.M4UA;
// @ts-expect-error: it cannot be changed
PPID.M3UA = 4;

const socketOptions: SctpOptions = { ...presets.sigtran, rtoInfo: { initial: 500 } };
// @ts-expect-error: nor this
presets.ran.rtoInfo.max = 5;

const byName: SctpOptions = { defaultSndInfo: { ppid: 'M3UA' } };
const there: ConnectOptions = { port: 1, ppid: one, sack: { freq: 1 }, sctp: { sack: {} } };
const here: ServerOptions = { protocol: 3, sctp: presets.diameter };
const set: Readonly<Defaults> = defaults({ rto_initial: 500 });
// @ts-expect-error: not for a program to set
defaults({ cookie_hmac_alg: 'sha1' });

const socket = connect({ ...there, sctp: socketOptions });
const counts: (number | undefined)[] = [socket.OS, socket.MIS];
const stream: SctpStream = socket.createStream(1, 'M3UA');
const duplex: Duplex = socket.createStream();
stream.ppid = 'SUA';
stream.ppid = undefined;
const ppid: number | undefined = stream.ppid;
const goesOn: boolean = stream.send(Buffer.from('x'), { unordered: true }, (error) => error?.name);
// @ts-expect-error: a stream sends on itself alone
stream.send(Buffer.from('x'), { sid: 2 });
// @ts-expect-error: it does not change
stream.sid = 5;
createServer(here).on('connection', (peer) => {
  peer.on('stream', (each, sid) => {
    const same: boolean = each.sid === sid;
    void same;
  });
});
socket.setOption('defaultSndInfo', { ppid: 'Diameter' });
socket.send(Buffer.from('x'), { ppid: 'NGAP' });
socket.write(Object.assign(Buffer.from('x'), { ppid: 'NGAP' }));
const read: number = socket.getOption('defaultSndInfo').ppid;
const old: number = socket.status().numberOfIncomingStreams;

export { byName, counts, duplex, goesOn, names, numbers, old, other, ppid, read, set };
