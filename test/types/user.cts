// Compiled, not run: what a CommonJS user's editor must accept, and refuse.
import { type DatagramHandle, open, type PrInfo, support } from 'kernel-sctp';

const handle: DatagramHandle = open('0.0.0.0', 0, 65536, (result, info) => {
  if (typeof result === 'string') {
    console.error(result.toUpperCase());
    return;
  }
  const [data, host, port] = result;
  handle.send(data.subarray(1), host, port);
  const ppid: number | undefined = info?.ppid;
  console.log(data.length, ppid);
});

const pr: PrInfo = { policy: 'ttl', value: 500 };
const accepted: number = handle.send(Buffer.from('x'), '127.0.0.1', 5000, { sid: 1, ppid: 46, pr });
const { address, family, port }: { address: string; family: 'IPv4' | 'IPv6'; port: number } =
  handle.address();
const initial: number = handle.getOption('rtoInfo').initial;
const noDelay: boolean = handle.getOption('noDelay');
handle.setOption('rtoInfo', { max: 100 });
handle.setOption('noDelay', false);
const place = { address: '192.0.2.1', port: 3868 };
const srtt: number = handle.getOption('peerAddrInfo', { address: place }).srtt;
const label: number | undefined = handle.getOption('peerAddrParams').ipv6FlowLabel;
handle.setOption('peerAddrParams', { address: place, hbInterval: 1000 });
handle.setOption('primaryAddr', place);
handle.setOption('assocInfo', { asocMaxRxt: 4 });
const reason: string | undefined = support().reason;
console.log(srtt, label, accepted, address, family, port, initial, noDelay, reason);
handle.ref().unref().close();
{
  using scoped = open({ port: 0, unordered: false, pr, sctp: { noDelay: true } }, () => undefined);
  scoped.send(new Uint8Array(1), '::1', 1);
}

// @ts-expect-error -- a name that does not exist
open({ hots: '::' }, () => undefined);
// @ts-expect-error -- an option that does not exist
open({ sctp: { rtoinfo: {} } }, () => undefined);
// @ts-expect-error -- a callback is needed
open({ port: 5 });
// @ts-expect-error -- not bytes
handle.send('text', '127.0.0.1', 5000);
// @ts-expect-error -- of the wrong type
handle.setOption('noDelay', 1);
// @ts-expect-error -- a field that does not exist
handle.setOption('rtoInfo', { minimum: 1 });
// @ts-expect-error -- it must say of which path
handle.getOption('peerAddrInfo');
// @ts-expect-error -- it is not about a path
handle.getOption('rtoInfo', { address: place });
// @ts-expect-error -- of which association?
handle.getOption('status');
// @ts-expect-error -- it can only be read
handle.setOption('peerAddrInfo', {});
// @ts-expect-error -- a field that can only be read
handle.setOption('assocInfo', { peerRwnd: 1 });
// @ts-expect-error -- an option that can only be read
open({ sctp: { status: {} } }, () => undefined);
// @ts-expect-error -- there is no association yet
open({ sctp: { primaryAddr: place } }, () => undefined);
// @ts-expect-error -- nor a path
open({ sctp: { peerAddrParams: { address: place } } }, () => undefined);
// @ts-expect-error -- an unknown policy
handle.send(Buffer.from('x'), '127.0.0.1', 5000, { pr: { policy: 'best' } });
