// Compiled, not run: what `import` of kernel-sctp/channels offers.
import channels, {
  createDataChannelAssociation,
  type DataChannel,
  type DataChannelAssociationOptions,
  type PacketTransport,
  RTCError,
  SctpAssociation,
} from 'kernel-sctp/channels';

const transport: PacketTransport = { send: (packet) => packet.length };
const options: DataChannelAssociationOptions = { role: 'client', transport, mtu: 1200 };
const association = createDataChannelAssociation(options);
association.on('datachannel', (channel: DataChannel) => {
  channel.binaryType = 'nodebuffer';
  channel.onmessage = ({ data }) => {
    console.log(data);
  };
  channel.on('message', (data: string | Buffer) => {
    channel.send(data);
  });
  channel.on('error', (error) => {
    console.log(error instanceof RTCError, error.sctpCauseCode);
  });
  channel.addEventListener('close', () => undefined);
});
const { id }: { id: number } = association.createDataChannel('x', { maxRetransmits: 0 });
const { srtt }: { srtt: number | null } = association.stats();
const older = new SctpAssociation({ localPort: 5000, remotePort: 5000, role: 'server' });
older.on('datachannel', (channel) => channel.on('message', (data) => data.length));
// @ts-expect-error -- it takes no numbers
association.createDataChannel('y').send(5);
// @ts-expect-error -- the role is needed
createDataChannelAssociation({});
console.log(id, srtt, channels.DataChannel);
